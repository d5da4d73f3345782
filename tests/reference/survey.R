# Survey figures and standard errors by R's survey package, from people.csv and evaluations.csv beside this script.
# Rscript survey.R [folder to write to]; R 4.2.2, survey 4.1.1 (Debian r-cran-survey, r-cran-jsonlite).
suppressMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "adjust", digits = 17)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
out <- c(commandArgs(TRUE), here)[1]
people <- read.csv(file.path(here, "people.csv"), stringsAsFactors = TRUE)
eval <- read.csv(file.path(here, "evaluations.csv"))
eval$lw <- eval$eligible / eval$asked
for (channel in c("phone", "email")) {
  rows <- eval[eval$channel == channel, ]
  u <- tapply(rows$lw, factor(rows$person, levels = people$person), sum)
  v <- tapply(rows$lw * (rows$mark >= 7), factor(rows$person, levels = people$person), sum)
  people[[paste0("u_", channel)]] <- ifelse(is.na(u), 0, u)
  people[[paste0("v_", channel)]] <- ifelse(is.na(v), 0, v)
}
segments <- levels(people$segment)
for (s in segments) {
  people[[paste0("in_", s)]] <- as.numeric(people$segment == s)
  people[[paste0("y_", s)]] <- people[[paste0("in_", s)]] * people$y
  for (column in c("u_phone", "v_phone", "u_email", "v_email"))
    people[[paste0(column, "_", s)]] <- people[[column]] * people[[paste0("in_", s)]]
}

## the designs: strata alone, raked, raked within bounds, and with a stratum of one person
margins <- list(sex = c(f = 5600, m = 5200), age = c(a1 = 4700, a2 = 3500, a3 = 2600))
population <- c("(Intercept)" = 10800, sexm = 5200, agea2 = 3500, agea3 = 2600)
bounds <- c(0.8, 1.5)
plain <- svydesign(ids = ~1, strata = ~stratum, weights = ~d, data = people)
alone <- svydesign(ids = ~1, strata = ~alone, weights = ~d, data = people)
rake <- function(design, ...) calibrate(design, ~sex + age, population, calfun = "raking", epsilon = 1e-13, maxit = 500, ...)
designs <- list(plain = plain, raked = rake(plain), bounded = rake(plain, bounds = bounds), alone = alone, alone_raked = rake(alone))

figures <- function(design) {
  all <- svymean(~y + x, design)
  by <- svyby(~y + x, ~segment, design, svymean)
  interval <- svyciprop(~y, design, method = "logit", df = degf(design))
  columns <- c("u_phone", "v_phone", "u_email", "v_email")
  gap <- function(end) {
    names <- paste0(columns, end)
    total <- svytotal(reformulate(names), design)
    texts <- c(sprintf("%s/%s", names[2], names[1]), sprintf("%s/%s", names[4], names[3]))
    texts <- c(texts, paste(texts, collapse = "-"))
    quoted <- lapply(texts, function(text) parse(text = text)[[1]])
    names(quoted) <- c("phone", "email", "gap")
    contrast <- svycontrast(total, quoted)
    list(value = as.numeric(coef(contrast)), se = sqrt(diag(as.matrix(vcov(contrast)))))
  }
  halves <- svytotal(~in_north + y_north + in_south + y_south, design)
  between <- svycontrast(halves, quote(y_north / in_north - y_south / in_south))
  list(
    weights = as.numeric(weights(design)), df = degf(design),
    value = as.numeric(coef(all)), se = as.numeric(SE(all)),
    segments = as.character(by$segment),
    by_df = unname(sapply(as.character(by$segment), function(s) degf(subset(design, segment == s)))),
    by_interval = unname(as.matrix(svyby(~y, ~segment, design, svyciprop, vartype = "ci", method = "logit")[, c("ci_l", "ci_u")])),
    by_value = cbind(by$y, by$x), by_se = cbind(by$se.y, by$se.x),
    interval = as.numeric(attr(interval, "ci")),
    channels = gap(""), channels_north = gap("_north"),
    between = list(difference = as.numeric(coef(between)), se = as.numeric(SE(between)))
  )
}
result <- c(list(
  versions = list(R = paste(R.version$major, R.version$minor, sep = "."), survey = as.character(packageVersion("survey"))),
  margins = lapply(margins, as.list), bounds = bounds), lapply(designs, figures))
write_json(result, file.path(out, "survey.json"), digits = NA, auto_unbox = TRUE, pretty = FALSE)
