# Changes between waves that share people, by R's survey package: people are the clusters across waves, and each wave
# is raked to margins of its own. From waves_partly.csv (no strata) and waves_same.csv (strata, everybody in both).
# Rscript waves.R [folder to write to]; R 4.2.2, survey 4.1.1 (Debian r-cran-survey, r-cran-jsonlite).
suppressMessages({library(survey); library(jsonlite)})
options(digits = 17)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
out <- c(commandArgs(TRUE), here)[1]
margins <- list(`1` = list(sex = c(f = 5600, m = 5200), age = c(a1 = 4700, a2 = 3500, a3 = 2600)),
                `2` = list(sex = c(f = 5800, m = 5600), age = c(a1 = 4600, a2 = 3900, a3 = 2900)))
ratio <- function(design, numerators, denominators) {
  # the change of a ratio: totals of both waves together, then a contrast of the two ratios
  texts <- sprintf("%s/%s", numerators, denominators)
  quoted <- lapply(c(texts, paste(texts[2], texts[1], sep = "-")), function(text) parse(text = text)[[1]])
  names(quoted) <- c("then", "now", "change")
  total <- svytotal(reformulate(unique(c(numerators, denominators))), design)
  contrast <- svycontrast(total, quoted)
  list(value = as.numeric(coef(contrast)), se = sqrt(diag(as.matrix(vcov(contrast)))))
}
one <- function(name, strata, drawn = "people") {
  data <- read.csv(file.path(here, paste0(name, ".csv")), stringsAsFactors = FALSE)
  data$size <- 2 * ave(data$person, data$stratum, FUN = function(p) length(unique(p)))  # half of all were drawn
  for (w in 1:2) {
    own <- data$wave == w
    data[[paste0("n", w)]] <- as.numeric(own)
    for (v in c("y", "x")) data[[paste0(v, w)]] <- ifelse(own, data[[v]], 0)
    data[[paste0("f", w)]] <- as.numeric(own & data$sex == "f")
    data[[paste0("yf", w)]] <- data[[paste0("f", w)]] * data$y
    for (channel in c("phone", "email")) {
      asked <- own & !is.na(data[[channel]])
      data[[paste0("u_", channel, w)]] <- as.numeric(asked)
      data[[paste0("v_", channel, w)]] <- ifelse(asked, as.numeric(data[[channel]] >= 7), 0)
    }
    for (level in c("m")) data[[paste0("sex", level, w)]] <- as.numeric(own & data$sex == level)
    for (level in c("a2", "a3")) data[[paste0("age", level, w)]] <- as.numeric(own & data$age == level)
  }
  plain <- if (drawn == "clusters") svydesign(ids = ~age, strata = ~stratum, weights = ~d, data = data, nest = TRUE)
           else if (drawn == "sizes") svydesign(ids = ~person, strata = ~stratum, weights = ~d, fpc = ~size, data = data)
           else if (strata) svydesign(ids = ~person, strata = ~stratum, weights = ~d, data = data)
           else svydesign(ids = ~person, weights = ~d, data = data)
  terms <- unlist(lapply(1:2, function(w) paste0(c("n", "sexm", "agea2", "agea3"), w)))
  population <- unlist(lapply(1:2, function(w) {
    m <- margins[[w]]
    c(sum(m$sex), m$sex[["m"]], m$age[["a2"]], m$age[["a3"]])
  }))
  names(population) <- terms
  raked <- calibrate(plain, reformulate(c("0", terms)), population, calfun = "raking", epsilon = 1e-13, maxit = 500)
  lapply(list(plain = plain, raked = raked), function(design) list(
    y = ratio(design, c("y1", "y2"), c("n1", "n2")),
    x = ratio(design, c("x1", "x2"), c("n1", "n2")),
    y_f = ratio(design, c("yf1", "yf2"), c("f1", "f2")),
    high_phone = ratio(design, c("v_phone1", "v_phone2"), c("u_phone1", "u_phone2")),
    high_email = ratio(design, c("v_email1", "v_email2"), c("u_email1", "u_email2"))
  ))
}
result <- list(
  versions = list(R = paste(R.version$major, R.version$minor, sep = "."), survey = as.character(packageVersion("survey"))),
  margins = lapply(margins, function(m) lapply(m, as.list)),
  partly = one("waves_partly", FALSE), same = one("waves_same", TRUE),
  clusters = one("waves_same", TRUE, "clusters"), sizes = one("waves_same", TRUE, "sizes"))
write_json(result, file.path(out, "waves.json"), digits = NA, auto_unbox = TRUE, pretty = FALSE)
