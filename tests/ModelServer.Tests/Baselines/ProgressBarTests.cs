using Slipway.ModelServer.Baselines;

namespace Slipway.ModelServer.Tests.Baselines;

internal sealed class ProgressBarTests
{
    [Test]
    public void A_terminal_shows_a_bar_that_is_written_when_it_grew_and_taken_away()
    {
        using var terminal = new StringWriter();
        var bar = new ProgressBar(terminal, isTerminal: true);

        bar.Show(0.5);
        bar.Show(0.501);
        bar.Show(1);
        bar.Clear();

        terminal.ToString().Split('\r').Should().Equal(
            "", $"[{new string('=', 20)}{new string(' ', 20)}]  50 %", $"[{new string('=', 40)}] 100 %", new string(' ', 48), "");
    }

    [Test]
    public void Nothing_is_written_where_no_person_looks()
    {
        using var log = new StringWriter();
        var bar = new ProgressBar(log, isTerminal: false);

        bar.Show(0.5);
        bar.Clear();

        log.ToString().Should().BeEmpty();
    }
}
