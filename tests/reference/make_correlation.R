# Make correlation_r.json: coefficients, p-values and intervals of cor.test, tau-b of pcaPP,
# distance correlations of energy, partial and within-unit correlations by lm:
#
#     Rscript make_correlation.R [directory]

suppressMessages({library(energy); library(pcaPP)})

numbers <- function(x) {
    text <- sprintf("%.17g", x)
    text[is.na(x)] <- "null"
    paste0("[", paste(text, collapse = ", "), "]")
}

i <- seq_len(63)
long <- list(
    x = round(10 * sin(i) + i / 7 + (i * 37) %% 11, 3),
    y = round(4 * cos(i * 1.3) + i / 9 + (i * 53) %% 13, 3),
    z = round(i / 5 + (i * 29) %% 7, 3), unit = (i - 1) %/% 3)
k <- seq_len(18)
cases <- list(
    long,
    list(x = c(11, 16, 10, 13, 19, 14, 9, 12, 12, 15, 17, 11, 13, 18, 16, 10, 14, 12),
        y = c(2.385, 5.1, 1.9, 2.2, 7.7, 4.4, 1.2, 2.385, 3.3, 3.1, 6.2, 0.7, 4.4, 6.9,
            3.9, 2.2, 2.9, 1.2),
        z = c(3, 4, 2, 2, 5, 3, 1, 2, 3, 3, 4, 1, 3, 4, 3, 2, 2, 1), unit = (k - 1) %/% 6),
    list(x = 1e8 + c(0.25, 0.5, 1.75, 1, 3.5, 2.25, 0, 2.75, 4, 1.25),
        y = 1e6 - c(3, 1, 4, 1.5, 5, 9, 2, 6, 5.5, 3.5),
        z = c(2, 7, 1, 8, 2, 8, 1, 8, 2, 8), unit = c(0, 0, 0, 1, 1, 1, 1, 2, 2, 2)))

describe <- function(d) {
    n <- length(d$x)
    pearson <- cor.test(d$x, d$y)
    sides <- vapply(c("greater", "less"),
        function(a) cor.test(d$x, d$y, alternative = a)$p.value, 0)
    rho <- suppressWarnings(cor.test(d$x, d$y, method = "spearman", exact = FALSE))
    tau <- suppressWarnings(cor.test(d$x, d$y, method = "kendall", exact = FALSE))
    left <- function(v, w) resid(lm(v ~ w))
    partial <- cor(left(d$x, d$z), left(d$y, d$z))
    t <- partial * sqrt((n - 3) / (1 - partial^2))
    ranks <- lapply(d[c("x", "y", "z")], rank)
    unit <- factor(d$unit)
    within <- cor(left(d$x, unit), left(d$y, unit))
    df <- n - nlevels(unit) - 1
    means <- aggregate(cbind(x = d$x, y = d$y), list(d$unit), mean)
    size <- as.vector(table(unit))
    between <- cov.wt(means[c("x", "y")], size / sum(size), cor = TRUE)$cor[1, 2]
    values <- list(
        pearson = c(pearson$estimate, pearson$p.value, pearson$conf.int, sides),
        spearman = c(rho$estimate, rho$p.value),
        kendall = c(cor.fk(d$x, d$y), tau$p.value, tau$estimate),
        distance = c(dcor(d$x, d$y), bcdcor(d$x, d$y)),
        partial = c(partial, 2 * pt(-abs(t), n - 3), cor(d$x, left(d$y, d$z)),
            cor(left(d$x, d$z), d$y)),
        partial_spearman = cor(left(ranks$x, ranks$z), left(ranks$y, ranks$z)),
        within = c(within, 2 * pt(-abs(within * sqrt(df / (1 - within^2))), df), df),
        between = between)
    fields <- vapply(names(values), function(name) {
        sprintf('"%s": %s', name, numbers(values[[name]]))
    }, "")
    data <- vapply(c("x", "y", "z", "unit"), function(name) {
        sprintf('"%s": %s', name, numbers(d[[name]]))
    }, "")
    paste0("  {", paste(c(data, fields), collapse = ",\n   "), "}")
}

small <- list(x = c(12.5, 30.1, 8.4, 22, 41.3, 18.7, 15.2), y = c(11, 16, 10, 13, 19, 14, 9))
exact <- c(cor.test(small$x, small$y, method = "spearman", exact = TRUE)$p.value,
    cor.test(small$x, small$y, method = "kendall", exact = TRUE)$p.value)
source <- paste0(R.version.string, ", energy ", packageDescription("energy")$Version,
    ", pcaPP ", packageDescription("pcaPP")$Version, "; tests/reference/make_correlation.R")
directory <- c(commandArgs(TRUE), ".")[1]
writeLines(c("{", sprintf(' "source": "%s",', source),
    sprintf(' "exact": {"x": %s, "y": %s, "p": %s},', numbers(small$x), numbers(small$y),
        numbers(exact)),
    ' "cases": [', paste(vapply(cases, describe, ""), collapse = ",\n"), " ]", "}"),
    file.path(directory, "correlation_r.json"))
