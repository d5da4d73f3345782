# Agreement of two coders, and shares of automatic codes corrected by a coded subsample, on coding.csv beside this script.
# Cohen's kappa as a function of the table, its standard error by the delta method with numerical derivatives; two-phase
# means by R's survey package. Rscript coding.R [folder to write to]; R 4.2.2, survey 4.1.1 (Debian r-cran-survey).
suppressMessages({library(survey); library(jsonlite)})
options(digits = 17)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
out <- c(commandArgs(TRUE), here)[1]
rows <- read.csv(file.path(here, "coding.csv"))
rows$sub <- !is.na(rows$first)

kappas <- function(kind) {
  table <- table(rows$first, rows$second)
  n <- sum(table); k <- nrow(table)
  apart <- abs(outer(1:k, 1:k, "-")) / (k - 1)
  W <- 1 - switch(kind, unweighted = (apart > 0) * 1, linear = apart, quadratic = apart^2)
  value <- function(p) {
    p <- matrix(p, k) / sum(p)
    chance <- sum(W * outer(rowSums(p), colSums(p)))
    (sum(W * p) - chance) / (1 - chance)
  }
  p <- as.numeric(table) / n
  h <- 1e-5
  slope <- sapply(seq_along(p), function(i) {  # Richardson's extrapolation of central differences
    d <- function(h) { up <- p; up[i] <- up[i] + h; down <- p; down[i] <- down[i] - h; (value(up) - value(down)) / (2 * h) }
    (4 * d(h) - d(2 * h)) / 3
  })
  c(value(p), sqrt((sum(p * slope^2) - sum(p * slope)^2) / n))
}
two_phase <- function(human, weights) {
  rows$y <- human
  rows$p1 <- 1e-12 / weights  # a first phase of a population so large that its fraction does not matter
  plain <- all(weights == 1)
  phases <- if (plain) twophase(id = list(~text, ~text), subset = ~sub, data = rows, method = "full")
    else twophase(id = list(~text, ~text), probs = list(~p1, NULL), subset = ~sub, data = rows, method = "full")
  m <- svymean(~y, calibrate(phases, ~factor(auto), phase = 2, calfun = "linear"))
  c(as.numeric(coef(m)), as.numeric(SE(m)))
}
write_json(list(
  versions = list(R = paste(R.version$major, R.version$minor, sep = "."), survey = as.character(packageVersion("survey"))),
  kappa = sapply(c("unweighted", "linear", "quadratic"), kappas, simplify = FALSE),
  share = two_phase(as.numeric(rows$first == 2), rep(1, nrow(rows))),
  weighted_share = two_phase(as.numeric(rows$first == 2), rows$d),
  weighted_mean = two_phase(as.numeric(rows$first), rows$d)
), file.path(out, "coding.json"), auto_unbox = TRUE, digits = NA)
