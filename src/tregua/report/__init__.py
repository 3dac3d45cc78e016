"""The one-file page: charts, words and sections over results that somebody else computed.

Public names are in `tregua.report.page` (`build_report`) and `tregua.report.inputs` (`ReportInputs`).
"""
