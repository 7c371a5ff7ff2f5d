namespace Tiebreak.Data.Facts;

/// <summary>A partition of the battles of some files into groups of those that are alike.</summary>
internal sealed class BattleGroups
{
    private readonly int[] _groups;
    private readonly int[] _files;
    private readonly bool[] _isTest;
    private readonly List<Group> _all = [];

    private BattleGroups(int[] groups, int[] files, bool[] isTest)
    {
        (_groups, _files, _isTest) = (groups, files, isTest);
        for (var row = 0; row < groups.Length; row++)
        {
            if (groups[row] == _all.Count)
                _all.Add(new Group(row, files[row]));
            var group = _all[groups[row]];
            group.Battles++;
            group.InSeveralFiles |= files[row] != group.FirstFile;
            group.InTraining |= !isTest[files[row]];
        }
    }

    /// <summary>How many groups there are.</summary>
    public int Count => _all.Count;

    /// <summary>Groups battles by a key.</summary>
    /// <param name="keys">The key of each battle.</param>
    /// <param name="files">The file of each battle.</param>
    /// <param name="isTest">Of each file, whether it is test data.</param>
    public static BattleGroups Of<TKey>(IEnumerable<TKey> keys, int[] files, bool[] isTest)
        where TKey : notnull
    {
        var numbers = new Dictionary<TKey, int>();
        int[] groups = [.. keys.Select(key => numbers.TryGetValue(key, out var number) ? number : numbers[key] = numbers.Count)];
        return new BattleGroups(groups, files, isTest);
    }

    /// <summary>Whether the group of a battle has others.</summary>
    public bool HasOthers(int row) => _all[_groups[row]].Battles > 1;

    /// <summary>Whether a battle is the first of its group.</summary>
    public bool IsFirst(int row) => _all[_groups[row]].First == row;

    /// <summary>Whether the group of a battle has members in several files.</summary>
    public bool IsInSeveralFiles(int row) => _all[_groups[row]].InSeveralFiles;

    /// <summary>Whether a battle is test data and its group has members that are not.</summary>
    public bool IsLeak(int row) => _isTest[_files[row]] && _all[_groups[row]].InTraining;

    private sealed class Group(int first, int firstFile)
    {
        public int First { get; } = first;

        public int FirstFile { get; } = firstFile;

        public int Battles { get; set; }

        public bool InSeveralFiles { get; set; }

        public bool InTraining { get; set; }
    }
}
