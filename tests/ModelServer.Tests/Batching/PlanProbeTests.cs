using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Batching;

internal sealed class PlanProbeTests
{
    [Test]
    public void A_model_of_a_few_microseconds_runs_inline()
    {
        using var model = new LoadedModel(TestModels.Double());

        var plan = model.Decide();

        plan.Execution.Should().Be(Execution.Inline);
        plan.MaxBatchRows.Should().Be(1);
    }

    [Test]
    public void A_heavy_model_whose_weights_are_read_once_for_all_rows_is_batched()
    {
        using var model = new LoadedModel(TestModels.Heavy(layers: 4));

        var plan = model.Decide();

        plan.Execution.Should().Be(Execution.Worker);
        plan.MaxBatchRows.Should().Be(32, plan.Reason);
    }

    [Test]
    public void Batching_that_is_switched_off_stays_off()
    {
        using var model = new LoadedModel(TestModels.Heavy(layers: 4));

        model.Decide(new BatchingSettings { Mode = BatchingMode.Off }).MaxBatchRows.Should().Be(1);
    }

    [Test]
    public void Batching_that_is_switched_on_is_obeyed()
    {
        using var model = new LoadedModel(TestModels.Double());

        var plan = model.Decide(new BatchingSettings { Mode = BatchingMode.On, MaxBatchSize = 7 });

        plan.Should().BeEquivalentTo(new { Execution = Execution.Worker, MaxBatchRows = 7 });
    }

    [Test]
    public void Batching_that_the_model_cannot_do_is_refused_at_load()
    {
        using var model = new LoadedModel(TestModels.Identity(OnnxType.Float, 1, 3));

        model.Invoking(each => each.Decide(new BatchingSettings { Mode = BatchingMode.On }))
            .Should().Throw<ModelRejectedException>().WithMessage("Batching is switched on, but the first axis of 'x' (FP32, shape [1,3]) is not dynamic*");
    }

    [Test]
    public void A_model_that_refuses_made_up_rows_is_served_unmeasured()
    {
        using var model = new LoadedModel(TestModels.Picky());

        var plan = model.Decide();

        plan.Should().BeEquivalentTo(new { Execution = Execution.Worker, MaxBatchRows = 1 });
        plan.Reason.Should().Contain("refused made-up rows");
    }

    [Test]
    public void Rows_that_come_out_differently_together_are_told()
    {
        using var model = new LoadedModel(TestModels.Centred());

        RowComparison.WhyNot(model.Session, CancellationToken.None).Should().Be("'y' (FP32, shape [-1]) comes out differently when rows are run together");
    }

    [TestCase(OnnxType.Float)]
    [TestCase(OnnxType.Double)]
    [TestCase(OnnxType.Float16)]
    [TestCase(OnnxType.BFloat16)]
    [TestCase(OnnxType.String)]
    [TestCase(OnnxType.Bool)]
    [TestCase(OnnxType.Int8)]
    [TestCase(OnnxType.UInt64)]
    public void Rows_of_every_type_can_be_compared(object type)
    {
        using var model = new LoadedModel(TestModels.Identity((OnnxType)type, -1, 2));

        RowComparison.WhyNot(model.Session, CancellationToken.None).Should().BeNull();
    }
}
