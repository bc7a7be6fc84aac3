using Parquet;
using Parquet.Schema;

namespace Slipway.ModelServer.Tests.Baselines.Data;

/// <summary>Writes Parquet files for tests.</summary>
internal static class ParquetFile
{
    /// <param name="groups">For each row group, one writer for each leaf of the schema, in its order.</param>
    public static async Task<byte[]> WriteAsync(ParquetSchema schema, params Func<ParquetRowGroupWriter, DataField, Task>[][] groups)
    {
        var bytes = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, bytes))
        {
            foreach (var columns in groups)
            {
                using var group = writer.CreateRowGroup();
                foreach (var (write, field) in columns.Zip(schema.DataFields))
                {
                    await write(group, field);
                }
            }
        }

        return bytes.ToArray();
    }

    public static Func<ParquetRowGroupWriter, DataField, Task> Of<T>(params T[] values) where T : struct => (group, field) => group.WriteAsync<T>(field, values);

    public static Func<ParquetRowGroupWriter, DataField, Task> Nullable<T>(params T?[] values) where T : struct => (group, field) => group.WriteAsync<T>(field, values);

    public static Func<ParquetRowGroupWriter, DataField, Task> Texts(params string?[] values) => (group, field) => group.WriteAsync(field, values!);

    /// <param name="levels">0 where a row begins.</param>
    public static Func<ParquetRowGroupWriter, DataField, Task> Lists(float?[] values, params int[] levels) => (group, field) => group.WriteAsync<float>(field, values, levels);
}
