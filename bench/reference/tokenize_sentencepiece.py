"""Times SentencePiece 0.1.97 on a text file: python tokenize_sentencepiece.py MODEL TEXT

The text is cut into documents of 4,096 characters or a little more; best of three runs, one thread.
"""

import json
import sys
import time

import sentencepiece


def cut(text):
    documents, at = [], 0
    while at < len(text):
        end = text.find("\n", min(len(text), at + 4096))
        end = len(text) if end < 0 else end
        documents.append(text[at:end])
        at = end
    return documents


def main(model, file):
    processor = sentencepiece.SentencePieceProcessor(model_file=model)
    with open(file, encoding="utf-8", newline="") as stream:
        documents = cut(stream.read())
    seconds, tokens = [], 0
    for _ in range(3):
        start = time.perf_counter()
        tokens = sum(len(processor.encode(document)) for document in documents)
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"seconds": seconds, "tokens": tokens}))


main(*sys.argv[1:])
