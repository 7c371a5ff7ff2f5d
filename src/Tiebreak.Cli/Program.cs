using System.Text;
using Tiebreak.Cli;

Console.OutputEncoding = Encoding.UTF8;
return await TiebreakCommand.RunAsync(args, Surface.OfProcess());
