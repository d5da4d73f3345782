# Reliability of scores and severity of testers by R's aov and lm, on testers.csv beside this script.
# Rscript testers.R [folder to write to]; R 4.2.2 (Debian r-base-core, r-cran-jsonlite).
suppressMessages(library(jsonlite))
options(digits = 17, contrasts = c("contr.sum", "contr.poly"))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
out <- c(commandArgs(TRUE), here)[1]
rows <- read.csv(file.path(here, "testers.csv"))
rows$brand <- factor(rows$brand); rows$tester <- factor(rows$tester)

table <- anova(lm(score ~ brand, rows))
n <- as.numeric(table(rows$brand)); B <- length(n); N <- sum(n)
n0 <- (N - sum(n^2) / N) / (B - 1)
F <- table[1, "F value"]; msw <- table[2, "Mean Sq"]
icc <- function(F) (F - 1) / (F + n0 - 1)
low <- F / qf(0.975, B - 1, N - B); high <- F * qf(0.975, N - B, B - 1)

fit <- lm(score ~ brand + tester, rows)
V <- vcov(fit); b <- coef(fit); T <- nlevels(rows$tester)
testers <- B + seq_len(T - 1)
last <- rbind(diag(T - 1), -1)
effect <- as.numeric(last %*% b[testers])
effect_se <- sqrt(diag(last %*% V[testers, testers] %*% t(last)))
brands <- cbind(1, rbind(diag(B - 1), -1))
own <- seq_len(B)
write_json(list(
  versions = list(R = paste(R.version$major, R.version$minor, sep = ".")),
  one = c(icc(F), icc(low), icc(high)), mean = 1 - 1 / c(F, low, high), tests = n0, within = msw,
  effect = effect, effect_se = effect_se,
  corrected = as.numeric(brands %*% b[own]), corrected_se = sqrt(diag(brands %*% V[own, own] %*% t(brands))),
  residual = summary(fit)$sigma^2, df = fit$df.residual
), file.path(out, "testers.json"), auto_unbox = TRUE, digits = NA)
