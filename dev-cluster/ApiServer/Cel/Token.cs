namespace Slipway.DevCluster.ApiServer.Cel;

internal enum TokenKind
{
    End,
    Identifier,
    Int,
    Uint,
    Double,
    String,
    Bytes,

    /// <summary>An operator, a bracket or another mark; <see cref="Token.Text"/> says which.</summary>
    Symbol,
}

/// <summary><paramref name="Value"/> is the value of a literal, otherwise null.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, object? Value, int Position);
