using System.Globalization;
using System.Numerics;

namespace Tiebreak.Tokenization.Jinja.Values;

/// <summary>Numbers as Python writes, rounds and reads them.</summary>
internal static class NumberText
{
    // Beyond these places rounding changes no double.
    private const int MaxPlaces = 400;

    /// <summary>The shortest digits that read back as the same number, with an exponent below 1e-4 and from 1e16 on.</summary>
    public static string Repr(double number)
    {
        if (!double.IsFinite(number))
            return double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        var sign = double.IsNegative(number) ? "-" : "";
        if (number == 0)
            return sign + "0.0";

        var parts = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var all = parts[0].Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        var exponent = (point < 0 ? all.Length : point) - (all.Length - digits.Length) - 1
            + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        digits = digits.TrimEnd('0');
        if (exponent is < -4 or >= 16)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            return string.Create(
                CultureInfo.InvariantCulture, $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }

        if (exponent < 0)
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        return digits.Length <= exponent + 1
            ? $"{sign}{digits.PadRight(exponent + 1, '0')}.0"
            : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    /// <summary>A finite number with so many decimal places, rounded exactly and from the middle to the even digit.</summary>
    public static string Fixed(double number, int places)
    {
        places = Math.Clamp(places, 0, MaxPlaces);
        var digits = Scaled(number, places).ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        var sign = double.IsNegative(number) ? "-" : "";
        return places == 0 ? sign + digits : $"{sign}{digits[..^places]}.{digits[^places..]}";
    }

    /// <summary>A number rounded to decimal places; to tens and hundreds where they are negative.</summary>
    public static double Round(double number, int places)
    {
        if (!double.IsFinite(number) || places > MaxPlaces)
            return number;
        if (places >= 0)
            return double.Parse(Fixed(number, places), CultureInfo.InvariantCulture);
        places = Math.Max(places, -MaxPlaces);
        return Math.CopySign((double)(Scaled(number, places) * BigInteger.Pow(10, -places)), number);
    }

    /// <summary>Reads a whole number as <c>int(text, base)</c> does; null where it is none.</summary>
    /// <param name="text">The text: white space around it, a sign, a prefix of the base and single underscores are allowed.</param>
    /// <param name="radix">2 to 36, or 0: the prefix says which.</param>
    public static BigInteger? ParseInteger(string text, int radix = 10)
    {
        var digits = PythonText.Strip(text).ToLowerInvariant();
        var isNegative = digits.StartsWith('-');
        if (digits.Length > 0 && digits[0] is '-' or '+')
            digits = digits[1..];
        foreach (var (prefix, its) in new[] { ("0x", 16), ("0o", 8), ("0b", 2) })
        {
            if (digits.StartsWith(prefix, StringComparison.Ordinal) && (radix == its || radix == 0))
                (digits, radix) = (digits[2..].StartsWith('_') ? digits[3..] : digits[2..], its);
        }

        radix = radix == 0 ? 10 : radix;
        if (digits.Length == 0 || digits[0] == '_' || digits[^1] == '_' || digits.Contains("__", StringComparison.Ordinal))
            return null;
        if (digits.Length > JinjaLimits.IntegerBits)
            throw new JinjaException($"A number has more than {JinjaLimits.IntegerBits} digits.");
        var number = BigInteger.Zero;
        foreach (var digit in digits.Where(digit => digit != '_'))
        {
            var value = char.IsAsciiDigit(digit) ? digit - '0' : char.IsAsciiLetterLower(digit) ? digit - 'a' + 10 : radix;
            if (value >= radix)
                return null;
            number = (number * radix) + value;
        }

        return isNegative ? -number : number;
    }

    /// <summary>Reads a number as <c>float(text)</c> does; null where it is none.</summary>
    public static double? ParseFloat(string text)
    {
        var digits = PythonText.Strip(text).ToLowerInvariant();
        switch (digits.TrimStart('+', '-'))
        {
            case "inf" or "infinity":
                return digits[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            case "nan":
                return double.NaN;
            default:
                // Underscores may stand between two digits only.
                for (var i = 0; i < digits.Length; i++)
                {
                    if (digits[i] == '_'
                        && (i == 0 || i == digits.Length - 1 || !char.IsAsciiDigit(digits[i - 1]) || !char.IsAsciiDigit(digits[i + 1])))
                    {
                        return null;
                    }
                }

                const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
                digits = digits.Replace("_", "", StringComparison.Ordinal);
                return digits.Any(char.IsAsciiDigit) && double.TryParse(digits, Styles, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : null;
        }
    }

    // |number| x 10^places as a whole number, rounded half to even: a double is a whole number times a power of two.
    private static BigInteger Scaled(double number, int places)
    {
        var bits = BitConverter.DoubleToInt64Bits(number);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = bits & 0xFFFFFFFFFFFFFL;
        (mantissa, exponent) = exponent == 0 ? (mantissa, -1074) : (mantissa | 1L << 52, exponent - 1075);
        var (numerator, denominator) = ((BigInteger)mantissa, BigInteger.One);
        if (exponent >= 0)
            numerator <<= exponent;
        else
            denominator <<= -exponent;
        if (places >= 0)
            numerator *= BigInteger.Pow(10, places);
        else
            denominator *= BigInteger.Pow(10, -places);
        var quotient = BigInteger.DivRem(numerator, denominator, out var rest);
        var half = (rest * 2).CompareTo(denominator);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}
