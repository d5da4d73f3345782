# Answers designs, one JSON line each, by R's survey package: `Rscript designs.R` reads standard input until it ends.
# A design holds columns (stratum, cluster, d, sex, age, x, y, domain; fpc and fpc2 where it has them), the totals to
# calibrate to and the method; the answer is a line of weights, means, their errors, and those of domains and a ratio.
suppressMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "adjust", digits = 17, warn = -1)

drawn <- function(given) {
  data <- as.data.frame(given$data)
  for (name in c("sex", "age", "domain")) data[[name]] <- factor(data[[name]])
  data$id <- seq_len(nrow(data))
  ids <- if (!given$clustered) ~1 else if (is.null(data$fpc2)) ~cluster else ~cluster + id
  fpc <- if (is.null(data$fpc)) NULL else if (is.null(data$fpc2)) ~fpc else ~fpc + fpc2
  design <- svydesign(ids = ids, strata = ~stratum, weights = ~d, fpc = fpc, data = data, nest = TRUE)
  design
}

## weighted to the totals, where there are any; replicate weights each for itself
weighted <- function(given, design) {
  if (is.null(given$totals)) return(design)
  bounds <- if (is.null(given$bounds)) c(-Inf, Inf) else given$bounds
  formula <- if (given$numeric) ~sex + age + x else ~sex + age
  totals <- setNames(given$totals, colnames(model.matrix(formula, design$variables)))
  calibrate(design, formula, totals, calfun = given$method, bounds = bounds, epsilon = 1e-12, maxit = 500)
}

answered <- function(given) {
  plain <- drawn(given)
  design <- weighted(given, plain)
  mean <- svymean(~y + x, design)
  by <- svyby(~y, ~domain, design, svymean)
  ratio <- svyratio(~y, ~z, design)
  ## differences of domains and of columns: totals with their covariance, contrasted
  frame <- design$variables
  design <- update(design, in1 = as.numeric(domain == levels(domain)[1]), y1 = in1 * y, in0 = 1 - in1, y0 = in0 * y)
  between <- svycontrast(svytotal(~in1 + y1 + in0 + y0, design), quote(y1 / in1 - y0 / in0))
  across <- svycontrast(svytotal(~y + x + z, design), quote(y / z - x / z))
  ## one cluster left out at a time, where every stratum has several
  alone <- any(tapply(plain$cluster[, 1], plain$strata[, 1], function(k) length(unique(k))) < 2)
  type <- if (length(unique(plain$strata[, 1])) == 1) "JK1" else "JKn"
  left <- if (alone) NULL else tryCatch({
    replicates <- weighted(given, as.svrepdesign(plain, type = type, compress = FALSE))
    c(as.numeric(SE(svymean(~y + x, replicates))), as.numeric(SE(svyratio(~y, ~z, replicates))))
  }, error = function(e) NULL)
  list(jackknife = left, weights = as.numeric(weights(design)), df = degf(design), value = as.numeric(coef(mean)), se = as.numeric(SE(mean)),
       by_value = by$y, by_se = by$se, ratio = c(as.numeric(coef(ratio)), as.numeric(SE(ratio))),
       between = c(as.numeric(coef(between)), as.numeric(SE(between))),
       across = c(as.numeric(coef(across)), as.numeric(SE(across))))
}

input <- file("stdin", open = "r")
while (length(line <- readLines(input, n = 1)) > 0) {
  said <- capture.output(answer <- tryCatch(answered(fromJSON(line)), error = function(e) list(failed = conditionMessage(e))))
  cat(toJSON(answer, digits = NA, auto_unbox = TRUE), "\n", sep = "")
  flush(stdout())
}
