# Calibration by every method, by population and of some of the people only, by R's survey package, from people.csv.
# Rscript weighting.R [folder to write to]; R 4.2.2, survey 4.1.1 (Debian r-cran-survey, r-cran-jsonlite).
suppressMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "adjust", digits = 17)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
out <- c(commandArgs(TRUE), here)[1]
people <- read.csv(file.path(here, "people.csv"), stringsAsFactors = TRUE)
plain <- svydesign(ids = ~1, strata = ~stratum, weights = ~d, data = people)

## a number among the margins: sex and age in shares, and the mean of x, for as many people as the weights make
total <- sum(people$d)
shares <- list(sex = c(f = .52, m = .48), age = c(a1 = .44, a2 = .32, a3 = .24)); mean_x <- 6.4
population <- total * c(1, .48, .32, .24, mean_x)
names(population) <- c("(Intercept)", "sexm", "agea2", "agea3", "x")
cal <- function(...) calibrate(plain, ~sex + age + x, population, epsilon = 1e-13, maxit = 500, ...)
methods <- list(
  raking = cal(calfun = "raking"), linear = cal(calfun = "linear"),
  logit = cal(calfun = "logit", bounds = c(.7, 1.5)), truncated = cal(calfun = "linear", bounds = c(.75, 1.4)),
  bounded = cal(calfun = "raking", bounds = c(.75, 1.4)))

## each segment a population with sizes and margins of its own
sizes <- c(north = 6000, south = 3000, west = 1000); women <- c(north = .55, south = .5, west = .45)
young <- c(north = .5, south = .4, west = .6)
for (s in names(sizes)) {
  inside <- as.numeric(people$segment == s)
  people[[paste0("all_", s)]] <- inside
  people[[paste0("f_", s)]] <- inside * (people$sex == "f")
  people[[paste0("a1_", s)]] <- inside * (people$age == "a1")
  people[[paste0("a2_", s)]] <- inside * (people$age == "a2")
}
columns <- as.vector(outer(c("all_", "f_", "a1_", "a2_"), names(sizes), paste0))
wanted <- as.vector(rbind(1, women, young, (1 - young) / 2)) * rep(sizes, each = 4) / sum(sizes) * total
by <- calibrate(svydesign(ids = ~1, strata = ~stratum, weights = ~d, data = people),
                reformulate(c(columns, "-1")), setNames(wanted, columns), calfun = "raking", epsilon = 1e-13, maxit = 500)

## those with x of 5 and more, weighted among themselves: nobody else moves
people$some <- as.numeric(people$x >= 5)
for (k in c("f", "m")) people[[paste0("some_", k)]] <- people$some * (people$sex == k)
people$some_a1 <- people$some * (people$age == "a1")
inside <- sum(people$d * people$some)
among <- calibrate(svydesign(ids = ~1, strata = ~stratum, weights = ~d, data = people), ~some_f + some_m + some_a1 - 1,
                   setNames(inside * c(.6, .4, .5), c("some_f", "some_m", "some_a1")), calfun = "raking", epsilon = 1e-13, maxit = 500)

## trimmed: weights of raking to sex and age above the median + 1 interquartile ranges are cut there
margins <- population[1:4]
rake <- function(...) calibrate(plain, ~sex + age, margins, calfun = "raking", epsilon = 1e-13, maxit = 500, ...)
first <- weights(rake()) / people$d
q <- quantile(first, c(.25, .5, .75), type = 1)
cap <- as.numeric(q[2] + 1 * (q[3] - q[1]))
trimmed <- rake(bounds = c(0, cap))

figures <- function(design) {
  all <- svymean(~y + x, design)
  part <- svyby(~y, ~segment, design, svymean)
  list(weights = as.numeric(weights(design)), value = as.numeric(coef(all)), se = as.numeric(SE(all)),
       by_value = part$y, by_se = part$se)
}
some <- svyratio(~I(y * some), ~some, among)
result <- c(list(
  versions = list(R = paste(R.version$major, R.version$minor, sep = "."), survey = as.character(packageVersion("survey"))),
  shares = lapply(shares, as.list), mean_x = mean_x,
  populations = list(sizes = as.list(sizes), women = as.list(women), young = as.list(young)),
  trimming = list(cap = cap, share = mean(first > cap * (1 + 1e-9))),
  among = list(value = as.numeric(coef(some)), se = as.numeric(SE(some)), weights = as.numeric(weights(among)))),
  lapply(methods, figures), list(by = figures(by), trimmed = figures(trimmed)))
write_json(result, file.path(out, "weighting.json"), digits = NA, auto_unbox = TRUE, pretty = FALSE)
