using System.Globalization;

namespace Slipway.ModelServer.Baselines;

/// <summary>A bar that grows on a terminal's line; nothing where no person looks.</summary>
internal sealed class ProgressBar(TextWriter terminal, bool isTerminal)
{
    private const int Width = 40;

    private int _percent = -1;

    /// <param name="share">0 to 1.</param>
    public void Show(double share)
    {
        var percent = (int)(100 * Math.Clamp(share, 0, 1));
        if (!isTerminal || percent == _percent)
        {
            return;
        }

        _percent = percent;
        var full = Width * percent / 100;
        terminal.Write(string.Create(CultureInfo.InvariantCulture, $"\r[{new string('=', full)}{new string(' ', Width - full)}] {percent,3} %"));
    }

    /// <summary>Takes the bar away, for what is said next.</summary>
    public void Clear()
    {
        if (_percent >= 0)
        {
            terminal.Write($"\r{new string(' ', Width + 8)}\r");
            _percent = -1;
        }
    }
}
