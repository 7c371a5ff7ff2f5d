namespace Tiebreak.Torch.Tests;

public sealed class DTypesTests
{
    [Fact]
    public void Types_of_models_are_found_by_their_names()
    {
        Assert.Equal(["float32", "bfloat16", "float16"], DTypes.OfModels.Select(type => type.TorchName()));
        Assert.Equal(DTypes.OfModels, DTypes.OfModels.Select(type => DTypes.OfModelNamed(type.TorchName())!.Value));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("int8")]
    [InlineData("Float32")]
    [InlineData("auto")]
    public void Other_names_are_no_type_of_a_model(string? name) => Assert.Null(DTypes.OfModelNamed(name));

    [Fact]
    public void Names_are_those_of_PyTorch() => Assert.Equal(
        ["float64", "float32", "float16", "bfloat16", "float8_e4m3fn", "int64", "int32", "int16", "int8", "uint8", "bool"],
        Enum.GetValues<DType>().Select(type => type.TorchName()));
}
