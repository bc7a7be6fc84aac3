namespace Slipway.DevCluster.ApiServer.Errors;

/// <summary>
/// One cause of an Invalid answer, in the API server's own form: <paramref name="Reason"/> is <c>FieldValueRequired</c>,
/// <c>FieldValueInvalid</c> …, <paramref name="Message"/> starts with its words ("Required value", "Invalid value: …").
/// </summary>
internal readonly record struct FieldError(string Field, string Reason, string Message);
