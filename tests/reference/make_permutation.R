# Make permutation_coin.json: exact permutation p-values of two samples by coin, and
# step-down adjusted ones of five outcomes from 10^5 random arrangements:
#
#     Rscript make_permutation.R [directory]

suppressMessages(library(coin))

numbers <- function(x) paste0("[", paste(sprintf("%.17g", x), collapse = ", "), "]")

samples <- list(
    list(y = c(0.368, 1.2, 2.385, 0.7, 1.9, 3.1, 2.2, 4.4, 3.3, 2.385, 5.1, 0.9, 4),
        g = rep(0:1, c(6, 7))),
    list(y = c(10, 18, 14, 9, 11, 12, 14, 16, 15, 17, 12, 13, 13, 18),
        g = c(0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 1)),
    list(y = c(1, 1, 2, 1, 2, 2, 3, 2), g = rep(0:1, each = 4)))
sides <- c("two.sided", "greater", "less")
lines <- vapply(samples, function(s) {
    g <- factor(s$g)
    p <- vapply(sides, function(side) {
        pvalue(oneway_test(s$y ~ g, distribution = "exact", alternative = side))
    }, 0)
    sprintf('  {"y": %s, "sample": %s, "p": %s}', numbers(s$y), numbers(s$g), numbers(p))
}, "")

set.seed(2385)
i <- seq_len(24)
g <- factor(i %% 2)
y <- data.frame(a = (i * 7) %% 25, b = (i * 5) %% 24 + 6 * (i %% 2),
    c = (i * 11) %% 23 + 7 * (i %% 2), d = (i * i) %% 19, e = (i * 13) %% 27 - 9 * (i %% 2))
joint <- independence_test(a + b + c + d + e ~ g, data = cbind(y, g = g),
    teststat = "maximum", distribution = approximate(nresample = 100000))
adjusted <- pvalue(joint, method = "step-down")
source <- paste0(R.version.string, ", coin ", packageDescription("coin")$Version,
    "; tests/reference/make_permutation.R")
columns <- vapply(y, numbers, "")
directory <- c(commandArgs(TRUE), ".")[1]
writeLines(c("{", sprintf(' "source": "%s",', source), ' "cases": [',
    paste0(lines, c(rep(",", length(lines) - 1), "")), " ],",
    sprintf(' "sample": %s,', numbers(as.integer(i %% 2))),
    sprintf(' "columns": [%s],', paste(columns, collapse = ",\n  ")),
    sprintf(' "adjusted": %s', numbers(adjusted)), "}"),
    file.path(directory, "permutation_coin.json"))
