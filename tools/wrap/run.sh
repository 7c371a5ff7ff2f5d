#!/usr/bin/env bash
# Wraps the tree in the current directory.
exec dotnet /tmp/tools/wrap/bin/Release/net10.0/wrap.dll src tests bench samples "$@"
