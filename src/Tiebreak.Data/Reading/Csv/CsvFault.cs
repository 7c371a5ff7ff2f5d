namespace Tiebreak.Data.Reading.Csv;

/// <summary>What can be wrong with the quoting of CSV. Nothing behind such a fault can be trusted.</summary>
internal enum CsvFault
{
    None,

    /// <summary>A record is larger than allowed.</summary>
    TooLarge,

    /// <summary>A quoted field has no closing quote before the text ends.</summary>
    UnclosedQuote,

    /// <summary>Something other than a comma or line end follows a closing quote.</summary>
    TextAfterQuote,

    /// <summary>A field that does not begin with a quote has one inside.</summary>
    QuoteInUnquotedField,
}
