# workplace.sh: makes a folder with runs and a file, in which a shell completes command lines of $1.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PATH=$(dirname "$1"):$PATH
export PATH HOME="$work"
cd "$work"
mkdir -p runs/digits-1 'runs/two words'
for run in runs/*; do echo '{}' >"$run/config.json"; done
touch data.csv
