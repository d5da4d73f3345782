# R's survey package: svyby(svymean) for tables, rake() for weights. Answers in JSON as the last line.
# Rscript survey.R tables <folder of columns> item:demographic …
# Rscript survey.R rake <folder of columns> <tolerance> sex:total,total,… age:…
suppressMessages(library(survey))
given <- commandArgs(TRUE)
folder <- given[2]
now <- function() proc.time()
taken <- function(began) {
  spent <- now() - began
  c(spent[["elapsed"]], spent[["user.self"]] + spent[["sys.self"]])
}

people <- file.size(file.path(folder, "base_weight")) / 8
weight <- readBin(file.path(folder, "base_weight"), "double", people)
codes <- function(name) readBin(file.path(folder, name), "integer", people)
categories <- function(name) {
  levels <- readLines(file.path(folder, paste0(name, ".levels")))
  structure(codes(name), levels = levels, class = "factor")
}
design_of <- function(data) svydesign(ids = ~1, weights = ~base_weight, data = data)
number <- function(x) sprintf("%.17g", x)
list_of <- function(x) paste0("[", paste(x, collapse = ","), "]")
versions <- sprintf('{"R": "%s", "survey": "%s"}', getRversion(), packageVersion("survey"))

figures <- function(found, item, demographic, rows) {
  columns <- as.character(found[[1]])
  value <- as.matrix(found[, 1 + seq_along(rows)])
  se <- as.matrix(found[, 1 + length(rows) + seq_along(rows)])
  at <- expand.grid(column = seq_along(columns), row = seq_along(rows))
  sprintf('["%s","%s","%s","%s",%s,%s]', item, demographic, columns[at$column], rows[at$row],
          number(value[cbind(at$column, at$row)]), number(se[cbind(at$column, at$row)]))
}

tables <- function(pairs) {
  pairs <- strsplit(pairs, ":")
  began <- now()
  data <- data.frame(base_weight = weight)
  for (name in unique(unlist(pairs))) data[[name]] <- categories(name)
  scales <- grep("^scale", unique(unlist(pairs)), value = TRUE)
  for (name in scales) data[[paste0(name, ".mark")]] <- as.numeric(data[[name]])
  design <- design_of(data)
  load <- taken(began)[1]
  times <- character()
  rows <- character()
  for (pair in pairs) {
    by <- reformulate(pair[2])
    began <- now()
    shares <- svyby(reformulate(pair[1]), by, design, svymean)
    means <- if (pair[1] %in% scales) svyby(reformulate(paste0(pair[1], ".mark")), by, design, svymean)
    times <- c(times, list_of(number(taken(began))))
    rows <- c(rows, figures(shares, pair[1], pair[2], levels(data[[pair[1]]])))
    if (!is.null(means)) rows <- c(rows, figures(means, pair[1], pair[2], "mean"))
  }
  sprintf('{"load": %s, "tables": %s, "figures": %s, "versions": %s}',
          number(load), list_of(times), list_of(rows), versions)
}

rake_to <- function(tolerance, margins) {
  parts <- strsplit(margins, ":")
  names <- vapply(parts, `[`, "", 1)
  targets <- lapply(strsplit(vapply(parts, `[`, "", 2), ","), as.numeric)
  data <- data.frame(base_weight = weight)
  for (name in names) data[[name]] <- categories(name)
  design <- design_of(data)
  population <- Map(function(name, target) setNames(data.frame(levels(data[[name]]), target), c(name, "Freq")), names, targets)
  # rake() stops when no cell moves by more than epsilon people, and multiplies an epsilon below 1 by the sum of weights:
  # the tolerance is on the smallest target, so that no category is off by more than its share of it
  epsilon <- tolerance * min(unlist(targets)) / sum(weight)
  began <- now()
  raked <- rake(design, lapply(names, reformulate), unname(population), control = list(maxit = 1000, epsilon = epsilon))
  spent <- taken(began)
  w <- weights(raked)
  gap <- max(unlist(Map(function(name, target) abs(tapply(w, data[[name]], sum) / target - 1), names, targets)))
  ratio <- (w / weight) / (sum(w) / sum(weight))
  sprintf('{"seconds": %s, "processor": %s, "weights": {"gap": %s, "smallest": %s, "largest": %s}, "versions": %s}',
          number(spent[1]), number(spent[2]), number(gap), number(min(ratio)), number(max(ratio)), versions)
}

cat("\n", if (given[1] == "tables") tables(given[-(1:2)]) else rake_to(as.numeric(given[3]), given[-(1:3)]), "\n", sep = "")
