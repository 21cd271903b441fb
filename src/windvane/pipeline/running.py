"""A whole run: analyse, render, write, tell."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from windvane.config import RunConfig
from windvane.pipeline.ahead import load_ahead
from windvane.pipeline.files import claim_folder, write_files, writing_to
from windvane.pipeline.outputs import claims_parquet, rejects_jsonl, run_json, shares_csv, shifts_json
from windvane.pipeline.record import Record, describe_cost, describe_run
from windvane.pipeline.stages import Analysis, Stopwatch, analyse
from windvane.progress import Progress, silent
from windvane.report import ReportInput, View, build_view, count, render


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run.

    Attributes
    ----------
    analysis
        The tables and findings.
    summary
        The answer in plain words, one line each: the verdict, then a sentence per shift.
    report
        Where the page lies.

    """

    analysis: Analysis
    summary: tuple[str, ...]
    report: Path


def run(config: RunConfig, *, base: Path, out: Path, cache: Path, now: datetime, progress: Progress = silent) -> Run:
    """Do everything that `windvane run` does but print.

    Parameters
    ----------
    config
        The configuration.
    base
        The folder that relative paths in `config` start from.
    out
        The folder of the outputs; made where it is missing. Files appear in it whole, by rename, at the end.
    cache
        The folder of converted models and vectors.
    now
        Documents dated later are set aside.
    progress
        Shows how far long work is.

    Raises
    ------
    UserError
        If documents, encoder, framings, labels or the folder can't be used.

    """
    with claim_folder(out):
        load_ahead()
        analysis = analyse(config, base=base, cache=cache, now=now, progress=progress)
        period = config.timeline.period
        watch = Stopwatch(analysis.seconds)
        with watch.time("report"):
            record = describe_run(config, analysis)
            view = build_view(_report_input(config, analysis, record), progress=progress)
            page = render(view)
        contents = {
            "claims.parquet": claims_parquet(analysis.assignment.claims),
            "rejects.jsonl": rejects_jsonl(analysis.corpus.rejects),
            "shares.csv": shares_csv(analysis.shares, analysis.detection, period),
            "shifts.json": shifts_json(config, analysis),
            "report.html": page.encode(),
            "run.json": run_json({**record, **describe_cost(analysis)}),
        }
        with writing_to(out):
            write_files(out, contents)
    return Run(analysis, _summarise(view, analysis), out / "report.html")


def _summarise(view: View, analysis: Analysis) -> tuple[str, ...]:
    claims, encoder = analysis.assignment.claims, analysis.encoder
    made = f"embedded {encoder.embedded:,} texts" if encoder.embedded else "embedded nothing, every vector was there"
    return (
        view.verdict,
        *(
            f"{it.number}. {it.opening} ‘{it.old.label}’ to ‘{it.new.label}’ {it.when} ({it.sure}). {it.caveat}"
            for it in view.findings
        ),
        f"{count(claims.height, 'claim')}, {count(claims['story_id'].n_unique(), 'story', 'stories')}; {made}.",
    )


def _report_input(config: RunConfig, analysis: Analysis, record: Record) -> ReportInput:
    encoder = analysis.encoder
    return ReportInput(
        config=config,
        claims=analysis.assignment.claims,
        shares=analysis.shares,
        detection=analysis.detection,
        framings=analysis.assignment.framings,
        rejects=analysis.corpus.rejects,
        notes=(*analysis.corpus.notes, *analysis.extraction.notes, *encoder.notes, *analysis.assignment.notes),
        about={
            **record["versions"],
            "encoder": encoder.name,
            "encoder sha256": encoder.checksum,
            "configuration sha256": record["config_sha256"],
            "seed": str(config.seed),
        },
    )
