using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using Tiebreak.Core;

namespace Tiebreak.Explorer.Index;

/// <summary>
/// A DuckDB database in a file. Every question has a connection of its own as long as it takes, so that any number of threads can ask.
/// </summary>
/// <remarks>
/// It may neither read nor write other files, nor load extensions, whatever a statement says. Values reach statements as parameters only.
/// </remarks>
internal sealed class IndexDatabase : IDisposable
{
    private readonly string _settings;
    private readonly ConcurrentBag<DuckDBConnection> _idle = [];

    /// <summary>Opens a database, and creates it where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">Threads of one question.</param>
    /// <param name="memory">Most memory for questions and for what is kept of the file, in MiB.</param>
    /// <exception cref="TiebreakException">DuckDB's library is not there.</exception>
    public IndexDatabase(string path, int threads, int memory)
    {
        _settings = new DuckDBConnectionStringBuilder
        {
            ["Data Source"] = path,
            ["threads"] = threads,
            ["memory_limit"] = $"{memory}MiB",
            ["enable_external_access"] = "false",
            ["autoload_known_extensions"] = "false",
            ["autoinstall_known_extensions"] = "false",
        }.ConnectionString;
        try
        {
            Return(Rent());
        }
        catch (Exception exception) when (exception.GetBaseException() is DllNotFoundException or BadImageFormatException)
        {
            throw new TiebreakException(
                "The explorer needs DuckDB's native library, which this build of Tiebreak lacks for "
                + $"{RuntimeInformation.RuntimeIdentifier}. Build Tiebreak on this machine to have it.",
                exception)
            {
                Code = ErrorCodes.NativeLibrary,
            };
        }
    }

    /// <summary>Asks for rows.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="values">Its parameters, in the order of their question marks.</param>
    /// <param name="read">Makes something of a row.</param>
    public List<T> Ask<T>(string sql, IEnumerable<object> values, Func<DuckDBDataReader, T> read)
    {
        var connection = Rent();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = sql;
            foreach (var value in values)
                command.Parameters.Add(new DuckDBParameter(value));
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
                rows.Add(read(reader));
            Return(connection);
            return rows;
        }
    }

    /// <summary>Executes a statement without parameters.</summary>
    public void Execute(string sql)
    {
        var connection = Rent();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
        Return(connection);
    }

    /// <summary>Appends rows to a table; others see them all at once when it has ended.</summary>
    public void Append(string table, Action<DuckDBAppender> append)
    {
        var connection = Rent();
        using (var appender = connection.CreateAppender(table))
            append(appender);
        Return(connection);
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var connection))
            connection.Dispose();
    }

    // A connection whose statement failed is not given back.
    private DuckDBConnection Rent()
    {
        if (_idle.TryTake(out var idle))
            return idle;
        var connection = new DuckDBConnection(_settings);
        connection.Open();
        return connection;
    }

    private void Return(DuckDBConnection connection) => _idle.Add(connection);
}
