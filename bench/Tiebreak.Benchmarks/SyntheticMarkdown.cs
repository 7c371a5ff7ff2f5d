using System.Text;

namespace Tiebreak.Benchmarks;

/// <summary>
/// Markdown in twenty languages and two programming languages. Words are made of syllables of the language's script and drawn by Zipf's law
/// from twenty thousand of each, so that, as in natural text, most words repeat and many are rare.
/// </summary>
public sealed class SyntheticMarkdown
{
    private const int WordsALanguage = 20_000;

    private static readonly string[] Syllables =
    [
        "the in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce "
            + "li ch ll be ma si om ur",
        "de la que el en os es ra as ar do co re te to ta ci on al se un an or ie er mi da lo su pa con ble ión más qué año",
        "le de la et les es en re nt on ou ai er ent ion ue ur eu par tr qu ce ne pl été ère où ça aît œu",
        "er en ch de ei in te ie un ge st ic he ne se ng re be sch ver aus auf über für ö ß ü keit lich",
        "що на по не ра то ко ні ти ва ро ка ла ри ст ви го ли до ов ть ся їй є ґа",
        "ст но то на ен ов ни ра во ко по ал ли ро пр ть ся ие ого ния ать ова ре ка те же ё",
        "ος ει τα να το αι και ου της στ ερ ια με δε πο απ ντ ικ ών ίας",
        "ال في من ون ات ها ان ية عل را لي مس تر وا بي نا قد هذا كان ست",
        "ים של את ות הו לא על כי זה הי מה שר תי בי נו ול",
        "का के है में की से ने ति या रा ना ता मा प्र स्त कर हि वि ं ्य",
        "র ্য কা না তি রা দে এর বা লা কে ছে প্র স্থ মা হয়",
        "ก า ร น ที่ ่ ง เ ป็ น ใ ห้ ค ว า ม ไ ม่ ได้ และ ของ การ",
        "的 是 不 了 在 人 有 我 他 这 个 们 中 来 上 大 为 和 国 地 到 以 说 时 要 就 出 会 可 也 你 对 生 能 而 子 那 得 于 着 下 自 之 年 过 发 后 作 里",
        "の に は を た が で て と し れ さ ある いる も する から な こ として い や 日 本 人 年 大 一 国 語 学 生 時 間 ン ス ト ル リ",
        "이 다 는 을 의 에 가 고 지 하 사 기 한 로 어 도 대 인 리 자 은 시 서 를 나 그 해 전 일 있 습 니 것",
        "ng nh th ch tr cá củ và là có được trong không người một những đã cho các với ế ộ ạ",
        "lar ler da de bir ve in an ya ma ol yor lik için çok ğı şı ünü",
        "je na ie po ro ni za wa cz sz rz owa ość że się ł ą ę",
        "ta en in on an ja si va ll ss uu ii ää yö kk tt lla ssa sta",
        "yang an ng me ka di ter ber pe se dan untuk dengan nya kan",
    ];

    private static readonly string[] Code =
    [
        "for (int i = 0; i < n; i++) {\n    sum += a[i] * b[i];\n}\n",
        "def solve(values):\n    return [x ** 2 for x in values if x % 2 == 0]\n",
        "const response = await fetch(`${url}/api/v1/items?limit=100`);\n",
        "SELECT model, COUNT(*) FROM battles GROUP BY model ORDER BY 2 DESC;\n",
        "if err != nil {\n\treturn nil, fmt.Errorf(\"open %q: %w\", path, err)\n}\n", "public sealed record Point(double X, double Y);\n",
    ];

    private readonly Random _random;
    private readonly string[][] _words;

    /// <summary>Makes the words of all languages.</summary>
    public SyntheticMarkdown(int seed)
    {
        _random = new Random(seed);
        _words = [.. Syllables.Select(line => MakeWords(line.Split(' ')))];
    }

    /// <summary>A text of about so many UTF-8 bytes.</summary>
    public string Make(int bytes)
    {
        var text = new StringBuilder();
        for (var made = 0; made < bytes;)
        {
            var before = text.Length;
            Block(text, _words[_random.Next(_words.Length)], hasSpaces: true);
            made += Encoding.UTF8.GetByteCount(text.ToString(before, text.Length - before));
        }

        return text.ToString();
    }

    private void Block(StringBuilder text, string[] words, bool hasSpaces)
    {
        var isCjk = words[0][0] is >= '\u3040' and < '\uAC00' || words[0][0] is >= '\u0E00' and < '\u0E80';
        hasSpaces &= !isCjk;
        switch (_random.Next(8))
        {
            case 0:
                text.Append("## ");
                Sentence(text, words, 5, hasSpaces);
                break;
            case 1:
                for (var item = 1; item <= 4; item++)
                {
                    text.Append(item).Append(". **").Append(Word(words)).Append("**: ");
                    Sentence(text, words, 10, hasSpaces);
                }

                break;
            case 2:
                text.Append("```\n").Append(Code[_random.Next(Code.Length)]).Append("```\n");
                break;
            case 3:
                text.Append("- [").Append(Word(words)).Append("](https://example.org/")
                    .Append(_random.Next(10_000)).Append("/page?id=").Append(_random.Next(1000)).Append(") ");
                Sentence(text, words, 8, hasSpaces);
                break;
            default:
                for (var sentence = 0; sentence < 4; sentence++)
                    Sentence(text, words, 16, hasSpaces);
                break;
        }

        text.Append('\n');
    }

    private void Sentence(StringBuilder text, string[] words, int length, bool hasSpaces)
    {
        var count = 3 + _random.Next(length);
        for (var i = 0; i < count; i++)
        {
            var word = Word(words);
            text.Append(i == 0 ? char.ToUpperInvariant(word[0]) : word[0]).Append(word.AsSpan(1));
            if (_random.Next(40) == 0)
                text.Append(' ').Append(_random.Next(2500));
            if (i + 1 < count && hasSpaces)
                text.Append(_random.Next(12) == 0 ? ", " : " ");
        }

        text.Append(hasSpaces ? _random.Next(3) == 0 ? "!\n" : ". " : "。");
    }

    /// <summary>Word number r is drawn about as often as 1/r says.</summary>
    private string Word(string[] words) => words[(int)Math.Pow(words.Length, _random.NextDouble()) - 1];

    private string[] MakeWords(string[] syllables)
    {
        var words = new string[WordsALanguage];
        for (var i = 0; i < words.Length; i++)
        {
            var count = 1 + Math.Min(_random.Next(3), _random.Next(4)) + (i > 500 ? 1 : 0);
            words[i] = string.Concat(Enumerable.Range(0, count).Select(_ => syllables[_random.Next(syllables.Length)]));
        }

        return words;
    }
}
