"""The making of the evidence reader: labelled questions, training, calibration."""
