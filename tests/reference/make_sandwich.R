# Make sandwich_r.json: robust covariances of the rows in sandwich_cases.json, as the
# packages sandwich and clubSandwich of R find them:
#
#     Rscript make_sandwich.R [directory]

suppressPackageStartupMessages({
    library(sandwich)
    library(clubSandwich)
    library(jsonlite)
})

directory <- c(commandArgs(TRUE), ".")[1]
cases <- fromJSON(file.path(directory, "sandwich_cases.json"), simplifyDataFrame = FALSE)$cases
kernels <- c("Bartlett", "Parzen", "Quadratic Spectral", "Tukey-Hanning", "Truncated")

numbers <- function(x) {
    paste0("[", paste(sprintf("%.17g", as.vector(t(x))), collapse = ", "), "]")
}

# Weights of lags: those that weightsAndrews cuts off below its tolerance are kept.
weights_of <- function(fit, kernel, bandwidth, prewhiten) {
    kweights(0:(nobs(fit) - 1 - prewhiten) / bandwidth, kernel = kernel)
}

hac_of <- function(fit, one) {
    kernel <- kernels[one$kernel + 1]
    bandwidth <- one$bandwidth
    if (is.na(bandwidth)) {
        bandwidth <- bwNeweyWest(fit, kernel = kernel, prewhite = one$prewhiten)
        if (kernel == "Bartlett") bandwidth <- floor(bandwidth) + 1
    }
    found <- vcovHAC(fit, prewhite = one$prewhiten, adjust = one$adjust == 1,
        weights = weights_of(fit, kernel, bandwidth, one$prewhiten))
    sprintf('{"found": %s, "covariance": %s}', numbers(bandwidth), numbers(found))
}

line_of <- function(case) {
    k <- case$k
    x <- matrix(case$x, ncol = k)
    rows <- data.frame(y = case$y, x[, -1, drop = FALSE])
    rows$weight <- if (length(case$weight) > 0) case$weight else rep(1, length(case$y))
    rows$cluster <- case$cluster
    if (case$weights == 1) rows <- rows[rep(seq_along(rows$weight), rows$weight), ]
    formula <- if (k == 1) y ~ 0 + x else
        reformulate(setdiff(names(rows), c("y", "weight", "cluster")), "y")
    if (k == 1) rows$x <- x[, 1]
    plain <- case$weights < 2
    rows <- rows[rows$weight > 0, ]
    fit <- if (plain) lm(formula, rows) else lm(formula, rows, weights = weight)
    out <- sprintf('"name": "%s"', case$name)
    add <- function(key, value) out <<- c(out, sprintf('"%s": %s', key, value))
    for (type in c("HC0", "HC1", "HC2", "HC3")) {
        if (length(case[[type]]) > 0) add(type, numbers(vcovHC(fit, type = type)))
    }
    # Of two roots of the same condition nrd takes that of the rows times sqrt(weight).
    whole <- model.matrix(fit) * sqrt(if (plain) 1 else rows$weight)
    even <- lm(y * sqrt(if (plain) 1 else weight) ~ 0 + whole, rows)
    for (type in c("CR0", "CR1", "CR1S", "CR2", "CR3")) {
        if (case$name == "alone" && type == "CR3") next
        found <- vcovCR(even, rows$cluster, type)
        add(type, numbers(found))
        tests <- coef_test(even, found, test = "Satterthwaite")
        add(paste0(type, "_df"), numbers(tests$df_Satt))
    }
    if (case$weights != 1) {
        two <- cbind(rows$cluster, seq_along(rows$cluster) %% 4)
        add("two_way", numbers(vcovCL(fit, two, type = "HC1")))
        hac <- if (nrow(rows) == length(case$y)) case$hac else list()
        lines <- vapply(hac, function(one) hac_of(fit, one), "")
        add("hac", paste0("[", paste(lines, collapse = ", "), "]"))
    }
    paste0("  {", paste(out, collapse = ", "), "}")
}

lines <- vapply(cases, line_of, "")
source <- sprintf("%s, sandwich %s, clubSandwich %s; tests/reference/make_sandwich.R",
    R.version.string, packageVersion("sandwich"), packageVersion("clubSandwich"))
writeLines(c("{", sprintf(' "source": "%s",', source), ' "cases": [',
    paste(lines, collapse = ",\n"), " ]", "}"), file.path(directory, "sandwich_r.json"))
