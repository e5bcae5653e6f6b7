# A grader of ASTCT 2019 ICANS on the wire of cartox. For testing and teaching, never for treating patients.
library(jsonlite) # cartox verify cmd:'Rscript examples/graders/grader.R'
flags <- c("consciousness_other_cause", "seizure_other_cause", "motor_other_cause", "posturing", "cn6_palsy",
           "papilledema", "cushing_triad", "death_from_icans")
words <- list(consciousness = c("spontaneous", "voice", "tactile", "unarousable"),
              seizure = c("none", "brief", "prolonged_or_repetitive"),
              motor_weakness = c("none", "mild", "deep_focal"), cerebral_edema = c("none", "focal", "diffuse"))
words$drug <- scan(text = "acetaminophen ibuprofen tocilizumab siltuximab anakinra emapalumab ruxolitinib itacitinib
  etanercept dasatinib dexamethasone methylprednisolone hydrocortisone norepinephrine epinephrine phenylephrine dopamine
  angiotensin_ii vasopressin gcsf", what = "", quiet = TRUE)
ranges <- list(time_h = c(-720, 43800), ice = c(0, 10), capd = c(0, 32), age_years = c(0, 120),
 weight_kg = c(0.5, 400), dose = c(0, Inf))
fields <- c("time_h", "ice", "capd", setdiff(names(words), "drug"), flags)
unknown <- list(  # every sign that is not charted: first at its mildest, then at its worst
  list(ice = 10, capd = 0, consciousness = "spontaneous", seizure = "none", motor_weakness = "none",
       cerebral_edema = "none", posturing = FALSE, cn6_palsy = FALSE, papilledema = FALSE, cushing_triad = FALSE),
  list(ice = 0, capd = 32, consciousness = "unarousable", seizure = "prolonged_or_repetitive",
       motor_weakness = "deep_focal", cerebral_edema = "diffuse", posturing = TRUE, cn6_palsy = TRUE,
       papilledema = TRUE, cushing_triad = TRUE))
is_good <- function(name, v) {
  if (length(v) != 1) return(FALSE)
  if (name %in% flags) return(is.logical(v))
  if (!name %in% names(ranges)) return(is.character(v) && (!name %in% names(words) || v %in% words[[name]]))
  is.numeric(v) && v >= ranges[[name]][1] && v <= ranges[[name]][2] && (!name %in% c("ice", "capd") || v == floor(v))
}
wrong_in <- function(record, allowed, needed = c()) {  # the names of what is wrong; null is unknown
  if (!is.list(record) || length(record) && is.null(names(record))) return("case")
  known <- Filter(Negate(is.null), record)
  c(setdiff(needed, names(known)), setdiff(names(record), allowed), Filter(function(n) !is_good(n, known[[n]]), names(known)))
}
grade <- function(row, age) {
  yes <- function(name) isTRUE(row[[name]])
  level <- function(name, grades) grades[match(row[[name]], words[[name]])]
  if (floor(60 * row$time_h + 0.5) < 0) return(0)
  if (yes("death_from_icans")) return(5)
  arousal <- if (yes("consciousness_other_cause")) 0 else level("consciousness", c(0, 2, 3, 4))
  score <- if (!is.null(age) && age < 12) c(0, 1, 3)[findInterval(row$capd, c(0, 1, 9))]
           else if (row$ice == 0 && arousal == 4) 4 else c(3, 2, 1, 0)[findInterval(row$ice, c(0, 3, 7, 10))]
  max(arousal, score, if (!yes("seizure_other_cause")) level("seizure", c(0, 3, 4)),
      if (!yes("motor_other_cause")) level("motor_weakness", c(0, 0, 4)), level("cerebral_edema", c(0, 3, 4)),
      if (any(unlist(row[c("posturing", "cn6_palsy", "papilledema", "cushing_triad")]))) 4)
}
answer <- function(m) {
  refused <- function(name) list(id = m$id, status = "refused", field = name, reason = paste("see the protocol,", name))
  if (length(m$observations) != 1 || !is.null(names(m$treatments))) return(refused("case"))
  dose <- function(d) wrong_in(d, c("time_h", "drug", "dose", "unit", "route"), c("time_h", "drug"))
  wrong <- c(wrong_in(m$observations[[1]], fields, "time_h"), wrong_in(c(m$patient, list()), c("age_years", "weight_kg")),
             unlist(lapply(m$treatments, dose)))
  if (length(wrong)) return(refused(wrong[[1]]))
  ends <- lapply(unknown, function(end) grade(modifyList(end, Filter(Negate(is.null), m$observations[[1]])), m$patient$age_years))
  list(id = m$id, status = "graded", grades = list(list(floor = ends[[1]], ceiling = ends[[2]])))
}
hello <- list(op = "hello", protocol = 1, grader = list(name = "example in R", version = "1"),
  can = list(guidelines = list(`astct-2019` = list("icans")), form = list("snapshot"), missing = "range", fields = fields))
input <- file("stdin", "r")
while (length(line <- readLines(input, n = 1)) && (m <- fromJSON(line, simplifyVector = FALSE))$op != "bye") {
  cat(toJSON(if (m$op == "hello") hello else answer(m), auto_unbox = TRUE, digits = NA), "\n", sep = "")
}
