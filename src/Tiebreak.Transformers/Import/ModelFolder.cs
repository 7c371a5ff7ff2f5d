using Tiebreak.Core;
using Tiebreak.Native;

namespace Tiebreak.Transformers.Import;

/// <summary>
/// Folders of models, as people name them. The models that <c>model fetch</c> knows by a short name lie in the user's cache, and that name
/// stands for their folder wherever one is asked for.
/// </summary>
internal static class ModelFolder
{
    /// <summary>The folder that a name stands for.</summary>
    /// <param name="name">A folder, which comes first, or a short name.</param>
    /// <exception cref="InputException">It is a short name, and the model has not been fetched.</exception>
    public static string Of(string name)
    {
        if (Path.Exists(name) || PackagedModel.Find(name) is not { } model)
            return name;
        var folder = CacheOf(model);
        return Directory.Exists(folder)
            ? folder
            : throw new InputException($"The model {name} is not on this machine yet; fetch it first: tiebreak model fetch {name}");
    }

    /// <summary>Where a model lies that is fetched by its short name.</summary>
    /// <exception cref="TiebreakException">The user has no cache.</exception>
    public static string CacheOf(PackagedModel model)
    {
        try
        {
            return Path.Combine(CacheFolder.Path, "models", model.Name);
        }
        catch (IOException exception)
        {
            throw new TiebreakException($"There is no place for {model.Name}: {exception.Message}.", exception)
            {
                Code = ErrorCodes.Storage,
            };
        }
    }
}
