#!/usr/bin/env bash
# Takes the README's pictures of the playground anew. Needs Debian's chromium.
set -euo pipefail
cd "$(dirname "$0")/../.."
CHAINRULE_BROWSER=1 dotnet test --project tests/ChainRule.Browser.Tests -- --filter-class '*ReadmePictures'
cp artifacts/screenshots/readme-*.png docs/pictures/
