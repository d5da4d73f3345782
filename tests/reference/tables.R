# Tests of independence and of columns against the rest, quantiles, Korn-Graubard intervals and Wald tests by R's survey
# package, from people.csv and drivers.csv beside this script. Rscript tables.R [folder to write to]; R 4.2.2, survey 4.1.1 (Debian r-cran-survey).
suppressMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "adjust", digits = 17)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
out <- c(commandArgs(TRUE), here)[1]
people <- read.csv(file.path(here, "people.csv"), stringsAsFactors = TRUE)
people$y <- factor(people$y)
plain <- svydesign(ids = ~1, strata = ~stratum, weights = ~d, data = people)
population <- c("(Intercept)" = 10800, sexm = 5200, agea2 = 3500, agea3 = 2600)
raked <- calibrate(plain, ~sex + age, population, calfun = "raking", epsilon = 1e-13, maxit = 500)

independence <- function(formula, design) {
  test <- svychisq(formula, design, statistic = "F")
  c(as.numeric(test$statistic), as.numeric(test$parameter), as.numeric(test$p.value))
}
customers <- read.csv(file.path(here, "drivers.csv"), stringsAsFactors = TRUE)
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~w, data = customers)
quantiles <- function(x, type) {
  found <- svyquantile(reformulate(x), design, c(0.1, 0.25, 0.5, 0.75, 0.9), interval.type = type, qrule = "math", ci = TRUE)
  found <- found[[1]]
  list(value = as.numeric(found[, "quantile"]), low = as.numeric(found[, 2]), high = as.numeric(found[, 3]))
}
# of those who gave one mark to the welcome
median_of <- function(mark) {
  own <- subset(design, welcome == mark)
  found <- svyquantile(~amount, own, 0.5, interval.type = "xlogit", qrule = "math", ci = TRUE)[[1]]
  c(mark, as.numeric(found[, c(1, 2, 3)]))
}
beta <- function(formula, design) as.numeric(attr(svyciprop(formula, design, method = "beta"), "ci"))

by <- svyby(~x, ~segment, plain, svymean, covmat = TRUE)
wald <- function(value, V, df) {
  step <- diff(diag(length(value)))
  k <- nrow(step)
  W <- as.numeric(t(step %*% value) %*% solve(step %*% V %*% t(step), step %*% value))
  F <- W * (df - k + 1) / (k * df)
  c(F, k, df - k + 1, pf(F, k, df - k + 1, lower.tail = FALSE), W / k, pchisq(W, k, lower.tail = FALSE))
}
# each segment against the rest: the total of the linearised difference of two domain means
against <- function(x, design) {
  d <- model.frame(design)
  w <- weights(design)
  one <- function(segment) {
    own <- d$segment == segment
    N <- c(sum(w[own]), sum(w[!own]))
    m <- c(sum(w[own] * x[own]) / N[1], sum(w[!own] * x[!own]) / N[2])
    z <- ifelse(own, (x - m[1]) / N[1], -(x - m[2]) / N[2])
    gap <- m[1] - m[2]
    se <- as.numeric(SE(svytotal(~z, update(design, z = z))))
    c(gap, se, 2 * pt(-abs(gap / se), degf(design)))
  }
  t(sapply(levels(d$segment), one))
}
rest <- function(design) list(segments = levels(people$segment), x = unname(against(people$x, design)), y = unname(against(as.numeric(people$y == 1), design)))
write_json(list(
  versions = list(R = paste(R.version$major, R.version$minor, sep = "."), survey = as.character(packageVersion("survey"))),
  independence = list(
    segment_age = independence(~segment + age, plain), segment_age_raked = independence(~segment + age, raked),
    segment_y = independence(~segment + y, plain)),
  quantiles = list(
    overall = sapply(c("mean", "xlogit", "beta"), function(t) quantiles("overall", t), simplify = FALSE),
    medians = t(sapply(5:8, median_of)),
    amount = sapply(c("mean", "xlogit", "beta"), function(t) quantiles("amount", t), simplify = FALSE)),
  beta = list(west = beta(~I(segment == "west"), plain), y = beta(~I(y == 1), raked), full = beta(~I(overall > 9), design)),
  rest = list(plain = rest(plain), raked = rest(raked)),
  segments = list(value = as.numeric(coef(by)), cov = vcov(by), df = degf(plain), wald = wald(as.numeric(coef(by)), vcov(by), degf(plain)))
), file.path(out, "tables.json"), auto_unbox = TRUE, digits = NA)
