# Key drivers by R's lm on drivers.csv beside this script: R² of every subset of attributes, averaged over orders (LMG);
# Johnson's relative weights; penalties and rewards. And, by its survey package, the standard errors of means that the
# bootstrap must come near. Rscript drivers.R [folder to write to]; R 4.2.2, survey 4.1.1 (Debian r-cran-survey).
suppressMessages({library(survey); library(jsonlite)})
options(digits = 17)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
out <- c(commandArgs(TRUE), here)[1]
rows <- read.csv(file.path(here, "drivers.csv"), stringsAsFactors = TRUE)
attributes <- c("speed", "welcome", "clarity", "price")
p <- length(attributes)

r2 <- function(columns) {
  if (!length(columns)) return(0)
  summary(lm(reformulate(columns, "overall"), rows, weights = w))$r.squared
}
lmg <- sapply(attributes, function(j) {
  others <- setdiff(attributes, j)
  mean(sapply(0:(p - 1), function(k) {
    subsets <- if (k) combn(others, k, simplify = FALSE) else list(character(0))
    mean(sapply(subsets, function(S) r2(c(S, j)) - r2(S)))
  }))
})
R <- cov.wt(rows[, c("overall", attributes)], rows$w, cor = TRUE)$cor
e <- eigen(R[-1, -1])
L <- e$vectors %*% diag(sqrt(e$values)) %*% t(e$vectors)
johnson <- as.numeric(L^2 %*% solve(L, R[-1, 1])^2)

for (a in attributes) {
  rows[[paste0(a, "_low")]] <- as.numeric(rows[[a]] <= 5)
  rows[[paste0(a, "_high")]] <- as.numeric(rows[[a]] >= 8)
}
dummies <- c(paste0(attributes, "_low"), paste0(attributes, "_high"))
fit <- lm(reformulate(dummies, "overall"), rows, weights = w)
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~w, data = rows)
means <- svymean(reformulate(attributes), design)
write_json(list(
  versions = list(R = paste(R.version$major, R.version$minor, sep = "."), survey = as.character(packageVersion("survey"))),
  lmg = as.numeric(lmg), johnson = johnson, r2 = r2(attributes),
  penalty = as.numeric(coef(fit)[2:(p + 1)]), reward = as.numeric(coef(fit)[(p + 2):(2 * p + 1)]),
  penalty_reward_r2 = summary(fit)$r.squared,
  mean = as.numeric(coef(means)), se = as.numeric(SE(means))
), file.path(out, "drivers.json"), auto_unbox = TRUE, digits = NA)
