# Fail if a shared object exports a symbol that does not start with PREFIX, or none at all.
# usage: exports.sh NM LIBRARY PREFIX
set -eu
"$1" -D --defined-only "$2" | awk -v prefix="$3" '
    index($3, prefix) == 1 { good++; next }
    { print "exported, but should not be: " $3; bad++ }
    END { print good + 0 " exported symbols start with " prefix; exit bad > 0 || good == 0 }'
