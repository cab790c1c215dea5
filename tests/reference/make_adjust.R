# Make adjust_r.json: p.adjust of R for the methods it has. A missing p is null, and left
# out of the family, as by R:
#
#     Rscript make_adjust.R [directory]

# Number of each method in nrd_adjust_method.
methods <- c(bonferroni = 0L, holm = 2L, hochberg = 4L, hommel = 5L, BH = 6L, BY = 7L)

i <- seq_len(60)
families <- list(
    0.0238,
    c(0.04, 0.03),
    c(0.01, 0.02, 0.03, 0.04, 0.05),
    c(0.368, 0.0238, 0.0238, 1, 0, 0.7, 0.0238),
    c(NA, 0.0023, 0.19, NA, 0.0385, 0.0501, 0.002),
    c(1, 1, 1),
    ((i * 37) %% 101 / 101)^3,
    c(rep(0.0007, 5), ((i * 13) %% 61) / 61.5),
    10^(-i / 3)
)

cases <- list()
for (p in families) {
    for (name in names(methods)) {
        cases[[length(cases) + 1]] <- list(
            name = name, method = methods[[name]], p = p,
            adjusted = p.adjust(p, name))
    }
}
numbers <- function(x) {
    paste0("[", paste(ifelse(is.na(x), "null", sprintf("%.17g", x)), collapse = ", "), "]")
}
lines <- vapply(cases, function(case) {
    sprintf('  {"name": "%s", "method": [%d], "alpha": [0.05], "p": %s, "adjusted": %s}',
        case$name, case$method, numbers(case$p), numbers(case$adjusted))
}, "")
source <- paste0(R.version.string, ", p.adjust; tests/reference/make_adjust.R")
directory <- c(commandArgs(TRUE), ".")[1]
writeLines(c("{", sprintf(' "source": "%s",', source), ' "cases": [',
    paste0(lines, c(rep(",", length(lines) - 1), "")), " ]", "}"),
    file.path(directory, "adjust_r.json"))
