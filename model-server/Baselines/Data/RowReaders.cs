using System.IO.Compression;

namespace Slipway.ModelServer.Baselines.Data;

/// <summary>Opens a file of rows with the reader of its format, which its name tells.</summary>
internal static class RowReaders
{
    public const string Formats = ".csv, .jsonl, .ndjson (these also with .gz behind) or .parquet";

    /// <param name="wanted">The columns whose cells are looked at, others may come as missing; null while only <see cref="RowReader.Columns"/> is asked for.</param>
    /// <exception cref="BadDataException">There is no such file, or it is none that can be read.</exception>
    public static async Task<RowReader> OpenAsync(string path, IReadOnlySet<string>? wanted, CancellationToken cancellationToken)
    {
        var isPacked = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        var format = Path.GetExtension(isPacked ? path[..^3] : path).ToUpperInvariant();
        if (format is not (".CSV" or ".JSONL" or ".NDJSON" or ".PARQUET") || (isPacked && format == ".PARQUET"))
        {
            throw new BadDataException($"the name tells no format; it must end in {Formats}");
        }

        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadDataException($"cannot be opened: {exception.Message}", exception);
        }

        try
        {
            Stream content = isPacked ? new GZipStream(file, CompressionMode.Decompress) : file;
            return format switch
            {
                ".CSV" => await CsvReader.OpenAsync(file, content, cancellationToken),
                ".PARQUET" => await ParquetRowReader.OpenAsync(file, wanted, cancellationToken),
                _ => await JsonLinesReader.OpenAsync(file, content, cancellationToken),
            };
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
