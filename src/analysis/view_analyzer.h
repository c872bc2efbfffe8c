// What a view in FROM stands for.
#pragma once

#include "analysis/analysis_context.h"

namespace trailsql {

/// A view whose text is being analysed, and the one whose text names it.
struct EnclosingView {
  const CatalogTable& view;
  const EnclosingView* outer;
};

/// Analyses the query of a view that is named at `place`; its outputs have the names and types of
/// the view's columns. Throws Trino's errors: VIEW_IS_RECURSIVE, VIEW_IS_STALE when the query no
/// longer fits the columns, INVALID_VIEW with what is wrong in the view's text.
QueryIndex analyze_view(AnalysisContext& context, const CatalogTable& view, Location place);

}  // namespace trailsql
