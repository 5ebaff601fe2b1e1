"""Prints what TensorBoard and MLflow have of a run, as JSON.

read.py tensorboard FOLDER
read.py mlflow ADDRESS EXPERIMENT RUN
"""
import json
import sys


def tensorboard(folder):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(folder, size_guidance={"scalars": 0}).Reload()
    return {
        tag: [[e.step, e.value] for e in events.Scalars(tag)]
        for tag in events.Tags()["scalars"]
    }


def mlflow(address, experiment, name):
    from mlflow import MlflowClient

    client = MlflowClient(address)
    number = client.get_experiment_by_name(experiment).experiment_id
    [run] = [r for r in client.search_runs([number]) if r.info.run_name == name]
    found = {
        "status": run.info.status,
        "params": run.data.params,
        "tags": run.data.tags,
        "metrics": {},
        "artefacts": {},
    }
    for key in run.data.metrics:
        history = client.get_metric_history(run.info.run_id, key)
        found["metrics"][key] = [[m.step, m.value] for m in history]
    folders = [None]
    while folders:
        for item in client.list_artifacts(run.info.run_id, folders.pop()):
            if item.is_dir:
                folders.append(item.path)
            else:
                found["artefacts"][item.path] = item.file_size
    return found


if __name__ == "__main__":
    print(json.dumps({"tensorboard": tensorboard, "mlflow": mlflow}[sys.argv[1]](*sys.argv[2:])))
