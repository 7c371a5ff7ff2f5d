using System.Text;
using Tiebreak.Cli;
using Tiebreak.Native;

ProcessSettings.Apply();
Console.OutputEncoding = Encoding.UTF8;
return await TiebreakCommand.RunAsync(args, Surface.OfProcess());
