namespace Tiebreak.Boosting.Identification;

/// <summary>One thing in a response that speaks for or against a model.</summary>
/// <param name="Kind">word, characters or style.</param>
/// <param name="What">The word or pair of words, the run of characters, or what is counted.</param>
/// <param name="Nats">How much it says, in nats, compared with the average of all models; below 0 it speaks against.</param>
public readonly record struct WriterEvidence(string Kind, string What, double Nats);
