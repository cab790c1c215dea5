# Make joinpoint_segmented.json: the worked example of the package segmented (data stagnant,
# of R. A. Cook and S. Weisberg), the Nile, and made numbers. Rows with one x are given as
# their mean and number, which has the same best lines:
#
#     Rscript make_joinpoint.R [directory]

suppressMessages(library(segmented))

numbers <- function(x) paste0("[", paste(sprintf("%.17g", x), collapse = ", "), "]")

described <- function(name, x, y, joints) {
    fit <- segmented(lm(y ~ x), ~x, npsi = joints,
        control = seg.control(tol = 1e-12, it.max = 500, n.boot = 100, seed = 2385))
    means <- tapply(y, x, mean)
    counts <- as.vector(table(x))
    within <- sum((y - means[as.character(x)])^2)
    sprintf(paste0('  {"name": "%s", "joints": %d,\n   "time": %s,\n   "value": %s,\n',
        '   "weight": %s,\n   "joint": %s, "slope": %s, "rss": %s}'),
        name, joints, numbers(as.numeric(names(means))), numbers(means), numbers(counts),
        numbers(fit$psi[, "Est."]), numbers(cumsum(coef(fit)[1 + seq_len(joints + 1)])),
        numbers(sum(resid(fit)^2) - within))
}

data(stagnant)
x <- 1:40
y <- 3 * x - 5 * pmax(x - 12.3, 0) + 4 * pmax(x - 27.6, 0) + round(sin(x * x), 2)
cases <- c(described("stagnant", stagnant$x, stagnant$y, 1),
    described("Nile", as.numeric(time(Nile)), as.numeric(Nile), 1),
    described("waves", x, y, 2))
source <- paste0(R.version.string, ", segmented ", packageDescription("segmented")$Version,
    "; tests/reference/make_joinpoint.R")
directory <- c(commandArgs(TRUE), ".")[1]
writeLines(c("{", sprintf(' "source": "%s",', source), ' "cases": [',
    paste0(cases, c(rep(",", length(cases) - 1), "")), " ]", "}"),
    file.path(directory, "joinpoint_segmented.json"))
