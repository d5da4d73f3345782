# Columns that share people: the channels that the same persons used; by R's survey package.
# `apart`: the same mark of whoever used e-mail and of whoever did not.
# `channels`: each channel's own mark; `banner`: one mark per person (that of e-mail where there is one) in both columns.
# Rscript columns_overlap.R [folder to write to]; R 4.2.2, survey 4.1.1 (Debian r-cran-survey, r-cran-jsonlite).
suppressMessages({library(survey); library(jsonlite)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
out <- c(commandArgs(TRUE), here)[1]
rows <- read.csv(file.path(here, "columns_overlap.csv"))
email <- rows[rows$ch == "email", ]
place <- match(rows$id, email$id)
rows$overall <- ifelse(is.na(place), rows$s, email$s[place])

columns <- function(formula) {
  design <- svydesign(ids = ~id, weights = ~w, data = rows)
  by <- svyby(formula, ~ch, design, svymean, covmat = TRUE)
  gap <- svycontrast(by, c(-1, 1))
  list(email = coef(by)[[1]], phone = coef(by)[[2]], se_email = SE(by)[[1]], se_phone = SE(by)[[2]],
       cov = vcov(by)[1, 2], diff = as.numeric(gap), se = as.numeric(SE(gap)))
}

people <- rows[!duplicated(rows$id), ]
people$email <- people$id %in% email$id
apart <- svycontrast(svyby(~overall, ~email, svydesign(ids = ~1, weights = ~w, data = people), svymean, covmat = TRUE), c(-1, 1))
gap <- as.numeric(apart) / as.numeric(SE(apart))

write_json(list(
  versions = list(R = paste(R.version$major, R.version$minor, sep = "."), survey = as.character(packageVersion("survey"))),
  channels = columns(~s), banner = columns(~overall),
  apart = list(diff = as.numeric(apart), se = as.numeric(SE(apart)), p = 2 * pt(-abs(gap), nrow(people) - 1))
), file.path(out, "columns_overlap.json"), auto_unbox = TRUE, digits = NA)
