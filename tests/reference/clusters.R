# Samples of clusters by R's survey package, from clusters.csv beside this script.
# Rscript clusters.R [folder to write to]; R 4.2.2, survey 4.1.1 (Debian r-cran-survey, r-cran-jsonlite).
suppressMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "adjust", digits = 17)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
out <- c(commandArgs(TRUE), here)[1]
people <- read.csv(file.path(here, "clusters.csv"), stringsAsFactors = TRUE)

shares <- list(sex = c(f = .52, m = .48), age = c(a1 = .44, a2 = .32, a3 = .24)); mean_x <- 6.1
total <- sum(people$d)
margins <- total * c("(Intercept)" = 1, sexm = .48, agea2 = .32, agea3 = .24)
plain <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~d, data = people)
sizes <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~d, fpc = ~fpc, data = people)
alone <- svydesign(ids = ~cluster, strata = ~alone, weights = ~d, data = people, nest = TRUE)
designs <- list(
  clusters = plain, sizes = sizes, alone = alone,
  raked = calibrate(sizes, ~sex + age, margins, calfun = "raking", epsilon = 1e-13, maxit = 500),
  numeric = calibrate(sizes, ~sex + age + x, c(margins, x = mean_x * total), calfun = "linear", epsilon = 1e-13))

figures <- function(design) {
  all <- svymean(~y + x, design)
  by <- svyby(~y, ~region, design, svymean)
  interval <- svyciprop(~y, design, method = "logit", df = degf(design))
  list(value = as.numeric(coef(all)), se = as.numeric(SE(all)), by_value = by$y, by_se = by$se, df = degf(design),
       by_df = unname(sapply(levels(people$region), function(r) degf(subset(design, region == r)))),
       by_interval = unname(as.matrix(svyby(~y, ~region, design, svyciprop, vartype = "ci", method = "logit")[, c("ci_l", "ci_u")])),
       interval = as.numeric(attr(interval, "ci")))
}
result <- c(list(
  versions = list(R = paste(R.version$major, R.version$minor, sep = "."), survey = as.character(packageVersion("survey"))),
  shares = lapply(shares, as.list), mean_x = mean_x), lapply(designs, figures))
write_json(result, file.path(out, "clusters.json"), digits = NA, auto_unbox = TRUE, pretty = FALSE)
