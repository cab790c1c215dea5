# Regressions by lm of R, for tests/python/test_regression_peers.py.
#   Rscript make_lm.R > regression_lm.json
suppressMessages(library(jsonlite))

income <- c(9.5, 12.1, 8.75, 14.2, 11.05, 10.4, 13.3, 9.9, 15.75, 12.6, 8.2, 11.9)
roads <- c(2.4, 3.1, 1.9, 4.4, 2.9, 2.2, 3.7, 2.8, 4.9, 3.3, 1.4, 3.0)
year <- c(2015, 2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026)
unit <- c("A", "B", "C", "A", "B", "C", "A", "B", "C", "A", "B", "C")
weight <- c(1, 2, 0.5, 1.5, 3, 0.25, 1, 0, 2.75, 1.25, 0.75, 4)
times <- c(1, 2, 1, 3, 1, 1, 2, 0, 1, 4, 1, 2)
at <- data.frame(roads = c(1, 2.5, 6), year = c(2020, 2027, 2030))

described <- function(fit, terms, newdata = at) {
  s <- summary(fit)
  table <- s$coefficients[terms, , drop = FALSE]
  bounds <- confint(fit, level = 0.9)[terms, , drop = FALSE]
  out <- list(
    estimate = table[, 1], se = table[, 2], t = table[, 3], p = table[, 4],
    low = bounds[, 1], high = bounds[, 2], covariance = as.vector(vcov(fit)[terms, terms]),
    sigma = s$sigma, r_squared = s$r.squared, adjusted = s$adj.r.squared,
    f = s$fstatistic[["value"]], df = fit$df.residual, rss = deviance(fit)
  )
  if (!is.null(newdata)) {
    for (kind in c("confidence", "prediction")) {
      out[[kind]] <- as.vector(predict(fit, newdata, interval = kind, level = 0.9))
    }
  }
  lapply(out, unname)
}

expanded <- rep(seq_along(times), times)
rows <- data.frame(income, roads, year)[expanded, ]
within <- lm(income ~ roads + year + unit)
cases <- list(
  plain = described(lm(income ~ roads + year), 1:3),
  through_zero = described(lm(income ~ 0 + roads), 1),
  precision = described(lm(income ~ roads + year, weights = weight), 1:3),
  frequency = described(lm(income ~ roads + year, data = rows), 1:3),
  quadratic = described(lm(income ~ roads + I(roads^2)), 1:3),
  # R squared, F and the intercept are those with dummies of the units: not compared.
  effects = described(within, 2:3, NULL)[c("estimate", "se", "t", "p", "low", "high",
    "covariance", "sigma", "df", "rss")]
)
out <- list(
  source = paste("lm of", R.version.string, "; tests/reference/make_lm.R"),
  data = list(income = income, roads = roads, year = year, unit = unit, weight = weight,
    times = times),
  at = as.list(at), level = 0.9, cases = cases
)
cat(toJSON(out, digits = NA, auto_unbox = TRUE, pretty = TRUE), "\n")
