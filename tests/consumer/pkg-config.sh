# Build main.c with what pkg-config says and run it.
# usage: pkg-config.sh shared|static COMPILER LIBRARY_FOLDER VERSION OUTPUT_FOLDER
set -eu
kind=$1 compiler=$2 libraries=$3 version=$4 program=$5/consumer_$1
PKG_CONFIG_PATH=$libraries/pkgconfig
export PKG_CONFIG_PATH

case $kind in
shared) flags=$(pkg-config --cflags --libs nrd) ;;
static) flags=$(pkg-config --static --cflags --libs nrd | sed 's/-lnrd/-l:libnrd.a/') ;;
esac
# The flags are a list of words.
# shellcheck disable=SC2086
"$compiler" "$(dirname "$0")/main.c" $flags "-Wl,-rpath,$libraries" -o "$program"
"$program" "$version"
