namespace Tiebreak.Data.Layouts;

/// <summary>One message of a conversation.</summary>
/// <param name="IsAnswer">True if the chatbot said it; false if the person or the system did.</param>
/// <param name="Text">What was said.</param>
internal readonly record struct Message(bool IsAnswer, string? Text);
