# Make correlation_exchange.json: p-values of all arrangements, of partial correlations by
# Freedman and Lane and of correlations with weights, each arrangement by lm:
#
#     Rscript make_correlation_exchange.R [directory]

numbers <- function(x) paste0("[", paste(sprintf("%.17g", x), collapse = ", "), "]")

orders <- function(rows) {
    if (length(rows) < 2) return(list(rows))
    unlist(lapply(seq_along(rows), function(i) {
        lapply(orders(rows[-i]), function(rest) c(rows[i], rest))
    }), recursive = FALSE)
}

# All orders in which rows stay within their strata.
within <- function(strata) {
    parts <- split(seq_along(strata), strata)
    grid <- expand.grid(lapply(parts, function(rows) seq_len(factorial(length(rows)))))
    listed <- lapply(parts, orders)
    lapply(seq_len(nrow(grid)), function(g) {
        out <- seq_along(strata)
        for (s in seq_along(parts)) out[parts[[s]]] <- listed[[s]][[grid[g, s]]]
        out
    })
}

shares <- function(statistic, all) {
    values <- vapply(all, statistic, 0)
    data <- statistic(seq_along(all[[1]]))
    near <- 1e-9 * abs(data)
    c(mean(abs(values) >= abs(data) - near), mean(values >= data - near),
        mean(values <= data + near))
}

# t of y in the regression of fitted values and exchanged residuals of x.
lane <- function(d, z, strata) {
    held <- data.frame(z, s = factor(strata))
    if (nlevels(held$s) < 2) held$s <- NULL
    reduced <- lm(d$x ~ ., held)
    function(order) {
        x <- fitted(reduced) + resid(reduced)[order]
        summary(lm(x ~ ., data.frame(y = d$y, held)))$coefficients["y", "t value"]
    }
}

ranked <- function(v, w) {
    vapply(v, function(own) {
        same <- w[v == own]
        sum(w[v < own]) + (sum(same)^2 - sum(same^2)) / (2 * sum(same))
    }, 0)
}

# r with weights over its error; `as` makes ranks, or leaves values as they are.
studentized <- function(d, strata, as) {
    left <- function(v) {
        v <- as(v, d$w)
        if (length(unique(strata)) < 2) return(v - weighted.mean(v, d$w))
        resid(lm(v ~ factor(strata), weights = d$w))
    }
    y <- left(d$y)
    function(order) {
        x <- left(d$x[order])
        sum(d$w * x * y) / sqrt(sum((d$w * x * y)^2))
    }
}

tau <- function(d) {
    pairs <- outer(d$w, d$w)
    signs <- function(v) sign(outer(v, v, "-"))
    y <- signs(d$y)
    function(order) {
        x <- signs(d$x[order])
        sum(pairs * x * y) / sqrt(sum(pairs * x^2) * sum(pairs * y^2))
    }
}

cases <- list(
    list(x = c(2.385, 1.9, 4.4, 0.7, 3.1, 2.2), y = c(7, 5.5, 9.25, 6, 6.5, 5.75),
        z = c(1, 2, 4, 3, 2, 5), v = c(0.5, 0.25, 2, 0.125, 1, 0.75),
        w = c(1, 2.5, 0.5, 3, 1.25, 2), strata = rep(0, 6)),
    list(x = c(5, 3, 3, 8, 6, 1, 7), y = c(11, 9, 14, 16, 12, 10, 12),
        z = c(2, 3, 1, 4, 2, 2, 5), v = c(1.5, 0.5, 2.25, 1, 3, 0.25, 1.75),
        w = c(4, 1, 2, 2, 5, 1, 3), strata = c(0, 0, 0, 0, 1, 1, 1)))

describe <- function(d) {
    all <- within(d$strata)
    values <- function(v, w) v
    ranks <- as.data.frame(lapply(d[c("x", "y", "z", "v")], rank))
    found <- list(
        one = shares(lane(d, d["z"], d$strata), all),
        two = shares(lane(d, d[c("z", "v")], d$strata), all),
        ranks = shares(lane(ranks, ranks["z"], d$strata), all),
        weighted = shares(studentized(d, d$strata, values), all),
        weighted_ranks = shares(studentized(d, d$strata, ranked), all),
        weighted_tau = shares(tau(d), all))
    fields <- vapply(names(found), function(n) {
        sprintf('"%s": %s', n, numbers(found[[n]]))
    }, "")
    data <- vapply(names(d), function(n) sprintf('"%s": %s', n, numbers(d[[n]])), "")
    paste0("  {", paste(c(data, sprintf('"count": %d', length(all)), fields),
        collapse = ",\n   "), "}")
}

source <- paste0(R.version.string, "; tests/reference/make_correlation_exchange.R")
directory <- c(commandArgs(TRUE), ".")[1]
writeLines(c("{", sprintf(' "source": "%s",', source), ' "cases": [',
    paste(vapply(cases, describe, ""), collapse = ",\n"), " ]", "}"),
    file.path(directory, "correlation_exchange.json"))
