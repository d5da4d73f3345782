# Reviews by R's survey package: means and shares by brand, and over all reviews, with authors as clusters.
# Rscript reviews.R [folder to write to]; R 4.2.2, survey 4.1.1 (Debian r-cran-survey, r-cran-jsonlite).
suppressMessages({library(survey); library(jsonlite)})
options(digits = 17)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
out <- c(commandArgs(TRUE), here)[1]
rows <- read.csv(file.path(here, "reviews.csv"))

one <- function(kept) {
  design <- svydesign(ids = ~author, weights = ~part, data = kept)
  stars <- svymean(~stars, design)
  high <- svymean(~I(as.numeric(stars >= 4)), design)
  list(
    n = length(unique(kept$review)), n_weighted = sum(kept$part), df = degf(design),
    stars = I(c(coef(stars), SE(stars))), high = I(c(coef(high), SE(high)))
  )
}
rated <- rows[rows$stars > 0, ]
equal <- transform(rated, part = 1)
write_json(list(
  versions = list(R = paste(R.version$major, R.version$minor, sep = "."), survey = as.character(packageVersion("survey"))),
  whole = one(rated), brands = lapply(split(equal, equal$brand), one)
), file.path(out, "reviews.json"), auto_unbox = TRUE, digits = NA)
