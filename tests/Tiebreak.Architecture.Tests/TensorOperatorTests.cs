namespace Tiebreak.Architecture.Tests;

/// <summary>
/// No operator of tensors that makes a number which the finalizer may free while libtorch reads it. The compiler reports them (see
/// build/BannedSymbols.TorchSharp.txt), except where they are written as assignments, such as <c>sum += part</c>.
/// </summary>
public sealed class TensorOperatorTests
{
    private static readonly string[] Arithmetic = ["op_Addition", "op_Subtraction", "op_Multiply", "op_Division", "op_Modulus"];

    [Theory]
    [MemberData(nameof(ReferenceTests.Projects), MemberType = typeof(ReferenceTests))]
    public void Tensors_meet_numbers_in_TensorArithmetic_only(string project)
    {
        var unsafeOperators = ReferencedMethods.Of(project, "Tensor")
            .Where(method => Arithmetic.Contains(method.Name, StringComparer.Ordinal))
            .Where(method => method.Name is "op_Addition"
                || Array.Exists(method.GetParameters(), parameter => parameter.ParameterType != method.DeclaringType))
            .Select(method => $"{method}");
        Assert.Empty(unsafeOperators);
    }
}
