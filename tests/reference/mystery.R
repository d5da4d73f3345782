# Mystery totals by R: cells as strata of a survey design, totals and their covariance by svycontrast (delta method).
# Rscript mystery.R [folder to write to]; reads mystery.csv beside it. R 4.2.2, survey 4.1.1.
suppressMessages({library(survey); library(jsonlite)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
out <- c(commandArgs(TRUE), here)[1]
tests <- read.csv(file.path(here, "mystery.csv"))
brands <- sort(unique(tests$brand)); channels <- c("phone", "email", "chat")
tests$cell <- paste(tests$brand, tests$channel, sep = "_")
n <- table(factor(tests$cell))
kept <- tests[n[tests$cell] >= 2, ]  # one test has no variance: the channel counts as absent
design <- svydesign(ids = ~1, strata = ~cell, weights = rep(1, nrow(kept)), data = kept)
by <- svyby(~score, ~cell, design, svymean)
mean <- setNames(by$score, by$cell)
own <- setNames(SE(by)^2 * as.numeric(n[by$cell]), by$cell)

## cells below 30 tests: the residual variance of the channel's cells, as an analysis of variance has it
pooled <- sapply(channels, function(channel) summary(lm(score ~ cell, kept[kept$channel == channel, ]))$sigma^2)
s2 <- sapply(names(mean), function(cell) if (n[cell] < 30) pooled[[sub(".*_", "", cell)]] else own[[cell]])

omega <- c(phone = 0.62, email = 0.41, chat = 0.23)
omega_cov <- matrix(c(4, 1, 0.5, 1, 3, 0.2, 0.5, 0.2, 2), 3) * 1e-4
joint <- c(mean, setNames(omega, paste0("w_", channels)))
V <- diag(c(s2 / as.numeric(n[names(mean)]), rep(0, 3))); known <- length(mean) + 1:3
estimated <- V; estimated[known, known] <- omega_cov
dimnames(V) <- dimnames(estimated) <- list(names(joint), names(joint))
total <- function(brand, rule) {
  there <- channels[paste(brand, channels, sep = "_") %in% names(mean)]
  below <- if (rule == "zero") channels else there
  parse(text = sprintf("(%s)/(%s)", paste0("w_", there, "*", brand, "_", there, collapse = "+"), paste0("w_", below, collapse = "+")))[[1]]
}
league <- function(rule, cov) {
  contrast <- svycontrast(structure(joint, var = cov, class = "svystat"), setNames(lapply(brands, total, rule), brands))
  list(score = as.numeric(coef(contrast)), cov = unname(as.matrix(vcov(contrast))))
}
average <- function(channel) {
  cells <- names(mean)[sub(".*_", "", names(mean)) == channel]
  weights <- as.list(setNames(as.numeric(names(joint) %in% cells) / length(cells), names(joint)))
  contrast <- svycontrast(structure(joint, var = V, class = "svystat"), list(unlist(weights)))
  c(as.numeric(coef(contrast)), as.numeric(SE(contrast)))
}
write_json(list(
  versions = list(R = paste(R.version$major, R.version$minor, sep = "."), survey = as.character(packageVersion("survey"))),
  brands = brands, channels = channels, omega = as.numeric(omega), omega_cov = omega_cov,
  constant = lapply(c(renormalise = "renormalise", zero = "zero"), league, V),
  estimated = lapply(c(renormalise = "renormalise", zero = "zero"), league, estimated),
  channel_means = unname(t(sapply(channels, average)))
), file.path(out, "mystery.json"), digits = NA, auto_unbox = TRUE, pretty = FALSE)
