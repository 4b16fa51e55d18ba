-- Finds the signals that have ten seconds of ECG, from which software measures.
-- depends: 0002-outgoing

create index ecg_frame_tenth on emergency.ecg_frame (at) where seq = 10;
