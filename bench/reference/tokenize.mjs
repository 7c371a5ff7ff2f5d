// Times a reference tokenizer on a text file: node tokenize.mjs MODULES PEER TOKENIZER TEXT
// MODULES is a node_modules folder with tiktoken 1.0.22, gpt-tokenizer 4.0.0 and tokenizers 0.23.2; PEER is the name of one of them; TOKENIZER is the
// name of an encoding, Llama 3's tokenizer.model (tiktoken), or a tokenizer.json (tokenizers). The text is cut into documents of 4,096 characters or a
// little more; best of three runs, one thread.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [modules, peer, tokenizer, textFile] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), "any.js"));
process.env.TOKENIZERS_PARALLELISM = "false";
process.env.RAYON_NUM_THREADS = "1";

const text = readFileSync(textFile, "utf8");
const documents = [];
for (let at = 0; at < text.length; ) {
  let end = Math.min(text.length, at + 4096);
  while (end < text.length && text[end] !== "\n") end++;
  documents.push(text.slice(at, end));
  at = end;
}

const llama3 =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

function openTiktoken() {
  const { Tiktoken, get_encoding } = require("tiktoken");
  if (!tokenizer.endsWith(".model")) return get_encoding(tokenizer);
  const ranks = readFileSync(tokenizer, "utf8").trimEnd().split("\n").map(line => line.split(" ")[0]);
  return new Tiktoken("! 0 " + ranks.join(" "), {}, llama3);
}

let encode;
if (peer === "tiktoken") {
  const encoding = openTiktoken();
  encode = () => documents.reduce((sum, document) => sum + encoding.encode(document, [], []).length, 0);
} else if (peer === "gpt-tokenizer") {
  const encoding = require(`gpt-tokenizer/encoding/${tokenizer}`);
  encode = () => documents.reduce((sum, document) => sum + encoding.encode(document).length, 0);
} else {
  const library = require("tokenizers").Tokenizer.fromFile(tokenizer);
  encode = async () => (await library.encodeBatch(documents, { addSpecialTokens: false })).reduce((sum, encoding) => sum + encoding.getLength(), 0);
}

const seconds = [];
let tokens = 0;
for (let run = 0; run < 3; run++) {
  const start = process.hrtime.bigint();
  tokens = await encode();
  seconds.push(Number(process.hrtime.bigint() - start) / 1e9);
}

console.log(JSON.stringify({ seconds, tokens }));
