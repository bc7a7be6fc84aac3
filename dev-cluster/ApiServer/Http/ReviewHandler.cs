using Slipway.DevCluster.ApiServer.Authorization;
using Slipway.DevCluster.ApiServer.Fields;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>POST of a kind that is a question: the answer is its status, and nothing is stored.</summary>
internal sealed class ReviewHandler(AccessReviews reviews, AnswerShaper shaper, TimeProvider time)
{
    public async Task CreateAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var definition = call.Definition;
        var (review, options, warnings) = await SentObject.ReadAsync(call, definition, "CreateOptions", cancellationToken);
        review.Remove("status");
        if (definition.Namespaced)
        {
            review.Meta()["namespace"] = call.Target.Namespace;
        }

        var status = reviews.Answer(definition.Kind, review, call.User);
        ManagedFields.Update(definition.Schema, null, review, call.Request.FieldManager(options, FieldManager.Update), time.GetUtcNow());
        if (definition.Kind == "SelfSubjectReview")
        {
            review.Meta()["creationTimestamp"] = Metadata.Time(time.GetUtcNow());
        }

        review["status"] = status;
        AnswerWriter.AddWarnings(call.Context, warnings);
        await shaper.WriteAsync(call, 201, review, cancellationToken);
    }
}
