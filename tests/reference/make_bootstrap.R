# Make tests/reference/bootstrap_boot.json: intervals from replicates of R's package boot.
#
#   Rscript make_bootstrap.R [directory]
#
# boot interpolates quantiles on the normal scale; here they are those of type 7, which
# nrd and SciPy take, at the shares that boot.ci finds.
library(boot)
library(jsonlite)

quantiles <- function(values, shares) unname(quantile(values, shares, type = 7))

case_of <- function(data, value, variance, seed) {
  set.seed(seed)
  both <- function(d, i) c(value(d[i, , drop = FALSE]), variance(d[i, , drop = FALSE]))
  found <- boot(data, both, R = 399)
  n <- nrow(data)
  without <- sapply(seq_len(n), function(i) value(data[-i, , drop = FALSE]))
  influence <- (n - 1) * (mean(without) - without)
  t0 <- found$t0[1]
  se <- sqrt(found$t0[2])
  t <- found$t[, 1]
  errors <- sqrt(found$t[, 2])
  levels <- c(0.9, 0.95)
  acceleration <- sum(influence^3) / (6 * sum(influence^2)^1.5)
  bca <- lapply(levels, function(level) {
    bias <- qnorm(mean(t < t0) + mean(t == t0) / 2)
    z <- bias + qnorm(c((1 - level) / 2, (1 + level) / 2))
    shares <- pnorm(bias + z / (1 - acceleration * z))
    # boot.ci rounds its ranks to two decimals, and counts no half of what is equal.
    made <- boot.ci(found, conf = level, type = "bca", index = 1, L = influence)
    ranks <- shares * (found$R + 1)
    stopifnot(any(t == t0) || all(abs(made$bca[1, 2:3] - ranks) < 0.00501))
    list(level = level, shares = shares, bounds = quantiles(t, shares))
  })
  other <- lapply(levels, function(level) {
    shares <- c((1 - level) / 2, (1 + level) / 2)
    plain <- quantiles(t, shares)
    list(
      level = level, percentile = plain, basic = rev(2 * t0 - plain),
      studentized = rev(t0 - se * quantiles((t - t0) / errors, shares))
    )
  })
  list(
    estimate = t0, error = se, replicates = t, errors = errors, jackknife = without,
    acceleration = acceleration,
    bca = bca, other = other
  )
}

mean_of <- function(d) mean(d[, 1])
variance_of_mean <- function(d) mean((d[, 1] - mean(d[, 1]))^2) / nrow(d)
r_of <- function(d) cor(d[, 1], d[, 2])
variance_of_r <- function(d) {
  z <- apply(d, 2, function(x) (x - mean(x)) / sqrt(mean((x - mean(x))^2)))
  r <- mean(z[, 1] * z[, 2])
  mean((z[, 1] * z[, 2] - r * (z[, 1]^2 + z[, 2]^2) / 2)^2) / nrow(d)
}
slope_of <- function(d) cov(d[, 1], d[, 2]) / var(d[, 1])
variance_of_slope <- function(d) {
  x <- d[, 1] - mean(d[, 1])
  e <- d[, 2] - mean(d[, 2]) - slope_of(d) * x
  mean((x * e)^2) / mean(x^2)^2 / nrow(d)
}

cases <- list(
  c(list(statistic = "mean", columns = list(aircondit$hours)),
    case_of(aircondit, mean_of, variance_of_mean, 7)),
  c(list(statistic = "pearson", columns = list(bigcity$u, bigcity$x)),
    case_of(bigcity, r_of, variance_of_r, 19)),
  c(list(statistic = "slope", columns = list(bigcity$u, bigcity$x)),
    case_of(bigcity, slope_of, variance_of_slope, 63))
)
# All digits of numbers: marked as text for toJSON, and the marks taken away again.
as_text <- function(x) {
  if (is.list(x)) lapply(x, as_text) else if (is.numeric(x)) sprintf("@%.17g@", x) else x
}
for (i in seq_along(cases)) cases[[i]]$statistic <- unbox(cases[[i]]$statistic)
source_line <- sprintf(
  "R %s, boot %s: its data aircondit and bigcity, free to use; tests/reference/make_bootstrap.R",
  getRversion(), packageVersion("boot")
)
arguments <- commandArgs(trailingOnly = TRUE)
folder <- if (length(arguments)) arguments[1] else "."
text <- toJSON(list(source = unbox(source_line), cases = as_text(cases)))
writeLines(gsub('"@|@"', "", text), file.path(folder, "bootstrap_boot.json"))
