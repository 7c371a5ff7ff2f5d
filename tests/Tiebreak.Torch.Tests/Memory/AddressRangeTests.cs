using System.Runtime.InteropServices;
using Tiebreak.Torch.Memory;

namespace Tiebreak.Torch.Tests.Memory;

public sealed class AddressRangeTests
{
    [Fact]
    public void Whole_pages_are_cleared_and_nothing_beside_them()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only on Linux.");
        var page = Environment.SystemPageSize;
        var range = AddressRange.Reserve(4L * page)!;
        for (var place = 0; place < 4 * page; place++)
            Marshal.WriteByte(range.AddressOf(place), 1);

        range.Clear(page - 100, (2L * page) + 50);

        for (var place = 0; place < 4 * page; place++)
            Assert.Equal(place >= page && place < 2 * page ? 0 : 1, Marshal.ReadByte(range.AddressOf(place)));
    }

    [Fact]
    public void Addresses_outside_have_no_place()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only on Linux.");
        var range = AddressRange.Reserve(1 << 20)!;

        Assert.Equal(5, range.PlaceOf(range.AddressOf(5)));
        Assert.Null(range.PlaceOf(range.AddressOf(1 << 20)));
        Assert.Null(range.PlaceOf(range.AddressOf(-1)));
        Assert.Null(range.PlaceOf(0));
    }
}
